-- Scope that moves: shares that end by themselves, what was seen between two pulls, and who decides about a parked op.

-- Rows of every company are touched, outside of any feed: nothing becomes visible by it.
ALTER TABLE access NO FORCE ROW LEVEL SECURITY;
ALTER TABLE access DISABLE TRIGGER access_stamped;
ALTER TABLE access
    ADD COLUMN source uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    ADD COLUMN until bigint;
UPDATE access SET source = substring(root FROM 8)::uuid WHERE root LIKE 'record:%';
ALTER TABLE access ENABLE TRIGGER access_stamped;
ALTER TABLE access FORCE ROW LEVEL SECURITY;
ALTER TABLE access DROP CONSTRAINT access_pkey, ADD PRIMARY KEY (org_id, root, key, source, from_seq);
DROP INDEX access_open;
CREATE UNIQUE INDEX access_open ON access (org_id, root, key, source) WHERE to_seq IS NULL;
CREATE INDEX access_opened ON access (org_id, from_seq);
CREATE INDEX access_closed ON access (org_id, to_seq) WHERE to_seq IS NOT NULL;
CREATE INDEX access_until ON access (org_id, until) WHERE to_seq IS NULL AND until IS NOT NULL;
CREATE INDEX record_root_left ON record_root (org_id, to_seq) WHERE to_seq IS NOT NULL;
COMMENT ON COLUMN access.source IS 'The record that puts the key on the root: the root itself by its owner, or a share under it. Each closes only its own.';
COMMENT ON COLUMN access.until IS 'When the job closes the key, in UTC milliseconds; null for one without end.';

ALTER TABLE org_feed ADD COLUMN expires_at bigint;
CREATE INDEX org_feed_expires ON org_feed (expires_at) WHERE expires_at IS NOT NULL;
COMMENT ON COLUMN org_feed.expires_at IS 'The earliest access.until among the open keys, in UTC milliseconds: the job looks here, because access shows only one company at a time.';

ALTER TABLE device ADD COLUMN based_seq bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN device.based_seq IS 'The highest base_seq of its ops, at first the feed''s seq at its first contact: an op cannot appeal to a right from before.';

ALTER TABLE parked_op
    ADD COLUMN told uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN resolved_by uuid,
    ADD COLUMN resolution text,
    ADD COLUMN taken_as uuid;
CREATE INDEX parked_op_taken ON parked_op (org_id, taken_as) WHERE taken_as IS NOT NULL;
COMMENT ON COLUMN parked_op.told IS 'The members who may decide, besides administrators: the owner, the managers, and whom it was handed to.';
COMMENT ON COLUMN parked_op.resolved_by IS 'The member who decided.';
COMMENT ON COLUMN parked_op.resolution IS 'taken_up or dismissed.';
COMMENT ON COLUMN parked_op.taken_as IS 'The op_id under which the decider did it: field_history shows for whom.';

-- What pulls asked of single rows they now ask of whole roots.
DROP FUNCTION saw(uuid, uuid, uuid, bigint);

CREATE FUNCTION saw_since(org uuid, member uuid, record uuid, at_seq bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM record_root r
        WHERE r.org_id = org AND r.record_id = record AND (r.to_seq IS NULL OR r.to_seq > at_seq)
        AND (r.root = 'company' OR r.root = 'self:' || member::text OR EXISTS (
            SELECT 1 FROM access a JOIN member_scope m ON m.org_id = a.org_id AND (m.key = a.key OR m.key = '*')
            WHERE a.org_id = org AND a.root = r.root AND m.member_id = member
            AND int8range(r.from_seq, r.to_seq) * int8range(a.from_seq, a.to_seq) * int8range(m.from_seq, m.to_seq)
                && int8range(at_seq, NULL))))
$$;
COMMENT ON FUNCTION saw_since(uuid, uuid, uuid, bigint) IS 'Whether a member saw a record when the feed was at a seq or at any time since; the rule is domain::hub::scope''s.';
