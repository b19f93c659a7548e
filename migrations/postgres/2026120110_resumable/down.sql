DROP TABLE upload_piece;
DROP TABLE upload;
