DROP INDEX record_tombstones;
DROP TABLE forgotten_record;
DROP TABLE feed_mark;
ALTER TABLE org_feed DROP COLUMN floor;
