DROP TABLE agency_key_note;
DROP TABLE agency_key_revocation;
DROP TABLE agency_key_confirmation;
DROP TABLE agency_key;
