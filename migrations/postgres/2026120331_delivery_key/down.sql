DROP TABLE delivery_key;
