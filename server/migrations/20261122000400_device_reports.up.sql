-- What a device tells of itself, and the end of a revoked device's session.

ALTER TABLE device
    ADD COLUMN oldest_pending_at bigint,
    ADD COLUMN storage_used bigint,
    ADD COLUMN storage_quota bigint,
    ADD COLUMN storage_protected boolean,
    ADD COLUMN session_hash bytea;
COMMENT ON COLUMN device.oldest_pending_at IS 'When its oldest unsent op was made, in UTC milliseconds by the device''s corrected time; null when nothing waits.';
COMMENT ON COLUMN device.storage_used IS 'Bytes the browser says the app uses; null until the device has told.';
COMMENT ON COLUMN device.storage_quota IS 'Bytes the browser allows the app.';
COMMENT ON COLUMN device.storage_protected IS 'Whether the browser promised not to evict the data by itself.';
COMMENT ON COLUMN device.session_hash IS 'The session it last synced with: revoking the device ends it.';

ALTER TABLE session ADD COLUMN revoked_device uuid;
COMMENT ON COLUMN session.revoked_device IS 'Set when the device that used the session was revoked: all that is left is to learn of it and to hand in unsent work.';

DROP FUNCTION signed_in(bytea);
CREATE FUNCTION signed_in(token bytea)
RETURNS TABLE (org_id uuid, member_id uuid, device_label text, created_at bigint, last_seen_at bigint, revoked_at bigint, revoked_device uuid, member jsonb)
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
        SELECT signed.org_id, signed.member_id, signed.device_label, signed.created_at, signed.last_seen_at, signed.revoked_at,
            signed.revoked_device, r.body
        FROM record r
        WHERE r.org_id = signed.org_id AND r.id = signed.member_id AND r.kind = 'member' AND NOT r.deleted;
END $$;
COMMENT ON FUNCTION signed_in(bytea) IS 'The session with this hash and the body of its member record; no row when either is missing.';
