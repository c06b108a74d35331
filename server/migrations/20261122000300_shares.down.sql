DROP FUNCTION saw_since(uuid, uuid, uuid, bigint);
CREATE FUNCTION saw(org uuid, member uuid, record uuid, at_seq bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM record_root r
        WHERE r.org_id = org AND r.record_id = record AND r.from_seq <= at_seq AND (r.to_seq IS NULL OR r.to_seq > at_seq)
        AND (r.root = 'company' OR r.root = 'self:' || member::text OR EXISTS (
            SELECT 1 FROM access a JOIN member_scope m ON m.org_id = a.org_id AND (m.key = a.key OR m.key = '*')
            WHERE a.org_id = org AND a.root = r.root AND a.from_seq <= at_seq AND (a.to_seq IS NULL OR a.to_seq > at_seq)
            AND m.member_id = member AND m.from_seq <= at_seq AND (m.to_seq IS NULL OR m.to_seq > at_seq))))
$$;
COMMENT ON FUNCTION saw(uuid, uuid, uuid, bigint) IS 'Whether a member saw a record when the feed was at a seq.';
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
