DROP TABLE handover_receipt_text;
DROP TABLE handover_receipt;
