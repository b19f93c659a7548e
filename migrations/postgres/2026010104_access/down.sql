DROP TABLE access;
