ALTER TABLE org_feed DROP COLUMN keys_version;
DROP TABLE account_key;
DROP INDEX record_collision_second, record_collision_first, record_merged;
