DROP TRIGGER wrapped_key_no_update ON wrapped_key;

CREATE TRIGGER wrapped_key_no_update BEFORE UPDATE ON wrapped_key
FOR EACH ROW EXECUTE FUNCTION refuse_change();

DROP TABLE serving;
DROP INDEX upload_piece_mark;
DROP INDEX blob_mark;
