-- What makes the shops of two listings the same one. NULL: not looked at yet, also where a server of an older version writes; the
-- program fills it in at its next start.
ALTER TABLE listing ADD COLUMN shop_key TEXT;

CREATE INDEX listing_shop_key ON listing (shop_key);
