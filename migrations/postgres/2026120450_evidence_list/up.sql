-- What else the statutory list of electronic data says of an item: how many pieces or records (数量), remarks (备注), and who
-- witnessed that it was collected (见证人). Empty where nothing was said.
ALTER TABLE evidence ADD COLUMN quantity TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN remark TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN witness TEXT NOT NULL DEFAULT '';
