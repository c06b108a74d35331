-- The public pool: an account without owner and territory opens to the whole company. Those that are so already are put there
-- as the server would by its next change of them, stamped, so that devices hear of it.
DO $$
DECLARE
    company uuid;
    stamp bigint;
BEGIN
    FOR company IN SELECT org_id FROM org_feed LOOP
        PERFORM set_config('rounds.org', company::text, true);
        CONTINUE WHEN NOT EXISTS (
            SELECT 1 FROM record WHERE org_id = company AND kind = 'account' AND body->>'owner' IS NULL AND body->>'territory' IS NULL);
        UPDATE org_feed SET seq = seq + 1 WHERE org_id = company RETURNING seq INTO stamp;
        PERFORM set_config('rounds.seq', stamp::text, true);
        INSERT INTO access (org_id, root, key, source, from_seq)
            SELECT company, 'record:' || id, 'company', id, stamp FROM record
            WHERE org_id = company AND kind = 'account' AND body->>'owner' IS NULL AND body->>'territory' IS NULL;
    END LOOP;
END $$;
COMMENT ON TABLE access IS 'Keys of a root (its owner, team, territory, shares; the company''s where it is in the pool) as intervals [from_seq, to_seq).';
