DROP INDEX record_thumbnail;
DROP INDEX record_file;
DROP TABLE blob_part;
DROP TABLE blob;
