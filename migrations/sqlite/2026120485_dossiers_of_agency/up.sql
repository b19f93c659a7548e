-- The newest dossiers of an agency are counted by their states along an index, and its list begins there.
DROP INDEX dossier_agency_id;

CREATE INDEX dossier_agency_id_created_at_id ON dossier (agency_id, created_at, id);
