DROP FUNCTION signed_in(bytea);
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
ALTER TABLE session DROP COLUMN revoked_device;
ALTER TABLE device DROP COLUMN oldest_pending_at, DROP COLUMN storage_used, DROP COLUMN storage_quota,
    DROP COLUMN storage_protected, DROP COLUMN session_hash;
