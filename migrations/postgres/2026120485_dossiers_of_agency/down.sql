DROP INDEX dossier_agency_id_created_at_id;

CREATE INDEX dossier_agency_id ON dossier (agency_id);
