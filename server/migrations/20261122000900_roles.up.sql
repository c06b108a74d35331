-- Everybody holds the key of his role, so that a record can be shared with a role; later changes of people keep it true.

-- Rows of every company are touched, outside of any feed: no record is locked by a role yet, so nothing becomes visible by it.
ALTER TABLE record NO FORCE ROW LEVEL SECURITY;
ALTER TABLE member_scope NO FORCE ROW LEVEL SECURITY;
ALTER TABLE member_scope DISABLE TRIGGER member_scope_stamped;
INSERT INTO member_scope (org_id, member_id, key, from_seq)
    SELECT held.org_id, held.member_id,
        'role:' || CASE WHEN person.body->>'role' IN ('manager', 'administrator') THEN person.body->>'role' ELSE 'rep' END, feed.seq
    FROM member_scope held
    JOIN record person ON person.org_id = held.org_id AND person.id = held.member_id
    JOIN org_feed feed ON feed.org_id = held.org_id
    WHERE held.key = 'self:' || held.member_id::text AND held.to_seq IS NULL;
ALTER TABLE member_scope ENABLE TRIGGER member_scope_stamped;
ALTER TABLE member_scope FORCE ROW LEVEL SECURITY;
ALTER TABLE record FORCE ROW LEVEL SECURITY;
COMMENT ON COLUMN member_scope.key IS 'Such as self:…, member:…, team:…, territory:…, role:rep, company, or * for everything.';
