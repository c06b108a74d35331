-- Who sees what, in one place: now, and when the feed was at a given seq. The rule is domain::hub::scope's.

CREATE FUNCTION sees(org uuid, member uuid, a_root text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT a_root = 'company' OR a_root = 'self:' || member::text OR EXISTS (
        SELECT 1 FROM access a JOIN member_scope m ON m.org_id = a.org_id AND (m.key = a.key OR m.key = '*')
        WHERE a.org_id = org AND a.root = a_root AND a.to_seq IS NULL AND m.member_id = member AND m.to_seq IS NULL)
$$;
COMMENT ON FUNCTION sees(uuid, uuid, text) IS 'Whether a member sees a root now: both hold one key, or the member holds the key to everything.';

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
