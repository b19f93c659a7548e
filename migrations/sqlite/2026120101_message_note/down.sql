DROP TABLE message_note;
