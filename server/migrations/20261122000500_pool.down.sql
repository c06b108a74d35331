-- Devices keep what they saw in the pool until they compare themselves with the server.
DO $$
DECLARE
    company uuid;
BEGIN
    FOR company IN SELECT org_id FROM org_feed LOOP
        PERFORM set_config('rounds.org', company::text, true);
        DELETE FROM access WHERE org_id = company AND key = 'company' AND root LIKE 'record:%';
    END LOOP;
END $$;
COMMENT ON TABLE access IS 'Keys of a root (its owner, team, pool, shares) as intervals [from_seq, to_seq).';
