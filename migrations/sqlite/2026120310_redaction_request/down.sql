DROP TABLE redaction_request_end;
DROP TABLE redaction_request_text;
DROP TABLE redaction_request;
