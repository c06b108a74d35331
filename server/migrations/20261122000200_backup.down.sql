DO $$
DECLARE
    walled text;
BEGIN
    FOR walled IN SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = 'backup' LOOP
        EXECUTE format('DROP POLICY backup ON %I', walled);
    END LOOP;
END $$;
ALTER TABLE org_feed DROP COLUMN restored_seq;
