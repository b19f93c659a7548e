DROP TABLE approval_signature;
