DROP FUNCTION signed_in(bytea);

DO $$
DECLARE
    walled text;
BEGIN
    FOREACH walled IN ARRAY ARRAY['record', 'record_root', 'field_history', 'access', 'member_scope', 'device', 'op_outcome', 'parked_op'] LOOP
        EXECUTE format('DROP POLICY one_company ON %I', walled);
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', walled);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', walled);
    END LOOP;
END $$;
