DROP INDEX mail_message_job_id;

DROP TRIGGER job_attempt_no_delete ON job_attempt;

DROP FUNCTION job_attempt_stays;

CREATE TRIGGER job_attempt_no_delete BEFORE DELETE ON job_attempt
FOR EACH ROW EXECUTE FUNCTION refuse_change();
