DROP TABLE store_unproven;
