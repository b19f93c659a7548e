-- Jobs that have been done for a month are let go of, with their tries. The tries of every other job stay append-only.
DROP TRIGGER job_attempt_no_delete;

CREATE TRIGGER job_attempt_no_delete BEFORE DELETE ON job_attempt
WHEN NOT EXISTS (SELECT 1 FROM job WHERE job.id = OLD.job_id AND job.state = 'done')
BEGIN SELECT RAISE(ABORT, 'job_attempt is append-only'); END;

-- Whoever lets go of a job looks for the message that it sent.
CREATE INDEX mail_message_job_id ON mail_message (job_id);
