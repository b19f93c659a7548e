DROP TABLE idempotency;
DROP TABLE mail_message;
DROP TABLE job_attempt;
DROP TABLE job;
DROP TABLE wrapped_key;
DROP TABLE counter;
DROP TABLE instance;
