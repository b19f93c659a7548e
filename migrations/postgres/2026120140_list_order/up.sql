-- When an account last logged in: accounts are listed by it. Kept by the database beside the sessions.
ALTER TABLE person ADD COLUMN last_login_at BIGINT;

UPDATE person SET last_login_at = (SELECT MAX(s.created_at) FROM session s WHERE s.person_id = person.id);

CREATE FUNCTION session_is_login() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE person SET last_login_at = NEW.created_at
    WHERE id = NEW.person_id AND (last_login_at IS NULL OR last_login_at < NEW.created_at);
    RETURN NULL;
END $$;

CREATE TRIGGER session_is_login AFTER INSERT ON session
FOR EACH ROW EXECUTE FUNCTION session_is_login();

-- What lists are sorted by, each with what breaks its ties.
CREATE INDEX person_last_login_at_username ON person (last_login_at, username);

CREATE INDEX person_name_username ON person (name, username);

CREATE INDEX agency_name_zh_code ON agency (name_zh, code);

CREATE INDEX agency_name_en_code ON agency (name_en, code);

CREATE INDEX agency_region_code_code ON agency (region_code, code);

CREATE INDEX agency_case_filed_on_id ON agency_case (filed_on, id);

CREATE INDEX agency_case_agency_id_filed_on_id ON agency_case (agency_id, filed_on, id);

CREATE INDEX agency_case_status_filed_on_id ON agency_case (status, filed_on, id);

CREATE INDEX agency_case_agency_id_status_filed_on_id ON agency_case (agency_id, status, filed_on, id);

CREATE INDEX dossier_folder_id ON dossier (folder, id);

CREATE INDEX dossier_seal_sealed_at_dossier_id ON dossier_seal (sealed_at, dossier_id);

CREATE INDEX operation_from_on_id ON operation (from_on, id);

-- Each is the beginning of one of those.
DROP INDEX agency_region_code;

DROP INDEX agency_case_filed_on;
