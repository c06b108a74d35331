DROP TABLE field_history;
DROP TABLE record_root;
DROP TABLE record;
DROP TABLE org_feed;
DROP FUNCTION refuse_unstamped_interval();
DROP FUNCTION refuse_unstamped_record();
