DROP TABLE setup_mark;
