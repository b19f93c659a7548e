DROP TABLE delivery_receipt_text;
DROP TABLE delivery_receipt;
