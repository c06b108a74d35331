DROP FUNCTION saw_since(uuid, uuid, uuid, bigint);
DROP INDEX parked_op_taken;
ALTER TABLE parked_op DROP COLUMN told, DROP COLUMN resolved_by, DROP COLUMN resolution, DROP COLUMN taken_as;
ALTER TABLE device DROP COLUMN based_seq;
ALTER TABLE org_feed DROP COLUMN expires_at;
DROP INDEX record_root_left, access_until, access_closed, access_opened, access_open;
-- What two records granted alike becomes one again; the keys of shares end with them.
ALTER TABLE access NO FORCE ROW LEVEL SECURITY;
DELETE FROM access WHERE source <> '00000000-0000-0000-0000-000000000000' AND root <> 'record:' || source;
ALTER TABLE access FORCE ROW LEVEL SECURITY;
ALTER TABLE access DROP CONSTRAINT access_pkey, DROP COLUMN source, DROP COLUMN until, ADD PRIMARY KEY (org_id, root, key, from_seq);
CREATE UNIQUE INDEX access_open ON access (org_id, root, key) WHERE to_seq IS NULL;
