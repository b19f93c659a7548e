DROP INDEX dossier_folder;
DROP INDEX transfer_number_agency_id;
DROP TABLE person_mark;
DROP TRIGGER entry_is_told ON audit_entry;
DROP FUNCTION entry_is_told();
DROP TABLE happening;
