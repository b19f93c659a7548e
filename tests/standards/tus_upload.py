"""Sends a file with tuspy, a published client of resumable uploads: the address, a token, the file, then names and values.

Prints where the upload is. It goes out in pieces; half-way the client is thrown away, and another one goes on from that address.
"""

import sys

from tusclient.client import TusClient

PIECE = 3_000_000

address, token, file, *said = sys.argv[1:]
client = TusClient(address, headers={"Authorization": f"Bearer {token}"})
metadata = dict(zip(said[::2], said[1::2]))

first = client.uploader(file, chunk_size=PIECE, metadata=metadata)
first.upload(stop_at=2 * PIECE)

second = client.uploader(file, chunk_size=PIECE, url=first.url)
if second.offset != 2 * PIECE:
    sys.exit(f"the server has {second.offset} bytes, {2 * PIECE} were sent")
second.upload()
print(second.url)
