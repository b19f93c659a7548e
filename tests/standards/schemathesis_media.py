"""Tells schemathesis that the media type of the protocol tus is bytes as they are. Without it, it sends no upload at all."""

import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
