DROP TABLE lead_origin;
DROP TABLE lead_distinct;
DROP TABLE lead_mention;
DROP TABLE lead_comment_back;
DROP TABLE lead_comment_text;
DROP TABLE lead_comment;
