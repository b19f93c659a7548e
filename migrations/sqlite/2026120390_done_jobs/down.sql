DROP INDEX mail_message_job_id;

DROP TRIGGER job_attempt_no_delete;

CREATE TRIGGER job_attempt_no_delete BEFORE DELETE ON job_attempt
BEGIN SELECT RAISE(ABORT, 'job_attempt is append-only'); END;
