DROP INDEX outcome_confirmation_rejected;
DROP TRIGGER message_needs_no_answer ON message_note;
DROP FUNCTION message_needs_no_answer();
DROP TRIGGER message_is_open ON message;
DROP FUNCTION message_is_open();
DROP TABLE message_open;
CREATE INDEX transfer_step_back ON transfer_step (kind, id, transfer_id)
    WHERE kind IN ('returned', 'not_accepted', 'not_filed', 'forwarded');
DROP TRIGGER transfer_back_is_sent_anew ON transfer;
DROP FUNCTION transfer_back_is_sent_anew();
DROP TRIGGER transfer_back_is_reopened ON lead_step;
DROP FUNCTION transfer_back_is_reopened();
DROP TRIGGER transfer_back_is_seen ON transfer_seen;
DROP FUNCTION transfer_back_is_seen();
DROP TRIGGER transfer_came_back ON transfer_step;
DROP FUNCTION transfer_came_back();
DROP TABLE transfer_back;
