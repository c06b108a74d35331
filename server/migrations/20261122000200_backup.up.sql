-- Backups, and what follows when one is brought back.

ALTER TABLE org_feed ADD COLUMN restored_seq bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN org_feed.restored_seq IS 'Where the feed stood when it was last restored from a backup: what devices send again was made with at least that in view.';

-- Row-level security would leave everything out of a backup made by the role that owns the tables. A connection that
-- says it makes one may read all companies; it may write none.
DO $$
DECLARE
    walled text;
BEGIN
    FOR walled IN SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('CREATE POLICY backup ON %I FOR SELECT USING (current_setting(''rounds.backup'', true) = ''on'')', walled);
    END LOOP;
END $$;
