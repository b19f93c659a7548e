ALTER TABLE evidence DROP COLUMN witness;
ALTER TABLE evidence DROP COLUMN remark;
ALTER TABLE evidence DROP COLUMN quantity;
