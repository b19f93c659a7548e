DELETE FROM passkey_challenge;
ALTER TABLE passkey_challenge DROP COLUMN shown_at;
