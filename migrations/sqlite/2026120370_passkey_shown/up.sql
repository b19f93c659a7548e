-- When a statement was shown that somebody is asked to sign: the server gives that instant, which stands in what is signed, and takes
-- no other. None of a new passkey, which states nothing.
DELETE FROM passkey_challenge;
ALTER TABLE passkey_challenge ADD COLUMN shown_at BIGINT;
