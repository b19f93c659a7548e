DROP TABLE store_claim;
