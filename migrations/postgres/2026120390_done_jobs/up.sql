-- Jobs that have been done for a month are let go of, with their tries. The tries of every other job stay append-only.
DROP TRIGGER job_attempt_no_delete ON job_attempt;

CREATE FUNCTION job_attempt_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM job WHERE job.id = OLD.job_id AND job.state = 'done') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'job_attempt is append-only';
END $$;

CREATE TRIGGER job_attempt_no_delete BEFORE DELETE ON job_attempt
FOR EACH ROW EXECUTE FUNCTION job_attempt_stays();

-- Whoever lets go of a job looks for the message that it sent.
CREATE INDEX mail_message_job_id ON mail_message (job_id);
