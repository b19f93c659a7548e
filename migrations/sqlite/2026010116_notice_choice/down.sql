DROP TABLE notice_pending;
DROP TABLE notice_choice;
