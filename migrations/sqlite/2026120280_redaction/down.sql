DROP TABLE redaction_text;
DROP TABLE redaction;
