-- Row-level security as a second wall behind the WHERE clauses: within a transaction only the rows of the company in
-- rounds.org exist. FORCE binds the owner of the tables too. A superuser, or a role with BYPASSRLS, walks past it: run
-- the server as a plain role (it says so in its log when it does not).

DO $$
DECLARE
    walled text;
BEGIN
    FOREACH walled IN ARRAY ARRAY['record', 'record_root', 'field_history', 'access', 'member_scope', 'device', 'op_outcome', 'parked_op'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', walled);
        EXECUTE format('CREATE POLICY one_company ON %I USING (org_id = nullif(current_setting(''rounds.org'', true), '''')::uuid)', walled);
    END LOOP;
END $$;

-- The member behind a session, in one round trip: it learns the company from the session and then opens the wall for
-- that company until the end of the transaction.
CREATE FUNCTION signed_in(token bytea)
RETURNS TABLE (org_id uuid, member_id uuid, device_label text, created_at bigint, last_seen_at bigint, revoked_at bigint, member jsonb)
LANGUAGE plpgsql AS $$
DECLARE
    signed session%ROWTYPE;
BEGIN
    SELECT s.* INTO signed FROM session s WHERE s.token_hash = token;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM set_config('rounds.org', signed.org_id::text, true);
    RETURN QUERY
        SELECT signed.org_id, signed.member_id, signed.device_label, signed.created_at, signed.last_seen_at, signed.revoked_at, r.body
        FROM record r
        WHERE r.org_id = signed.org_id AND r.id = signed.member_id AND r.kind = 'member' AND NOT r.deleted;
END $$;
COMMENT ON FUNCTION signed_in(bytea) IS 'The session with this hash and the body of its member record; no row when either is missing.';
