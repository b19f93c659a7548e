DROP INDEX listing_shop_key;

ALTER TABLE listing DROP COLUMN shop_key;
