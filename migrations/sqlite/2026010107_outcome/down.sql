DROP TABLE outcome_open;
DROP TABLE operation_member;
DROP TABLE operation;
DROP TABLE published_figure;
DROP TABLE outcome_seen;
DROP TABLE outcome_confirmation;
DROP TABLE outcome_identity;
DROP TABLE outcome;
