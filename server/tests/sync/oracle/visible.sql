-- Who may see which living record, said anew from the design (sync.md, item 10): from what the records say of each other
-- and from none of the tables, columns and functions that the server answers from (access, member_scope, record_root,
-- record.root, sees). $1 is the time in UTC milliseconds.
WITH RECURSIVE
    person AS (
        SELECT id, body->>'role' AS role, (body->>'team')::uuid AS team,
            NOT deleted AND coalesce((body->>'active')::boolean, true) AS active
        FROM record WHERE kind = 'member'),
    viewer AS (SELECT id, role, team FROM person WHERE active),
    led AS (
        SELECT viewer.id AS viewer, team.id AS team
        FROM viewer JOIN record team ON team.kind = 'team' AND NOT team.deleted AND (team.body->>'manager')::uuid = viewer.id),
    -- Whose things one sees: one's own, and those of the people one leads.
    stands_for AS (
        SELECT id AS viewer, id AS person FROM viewer
        UNION SELECT led.viewer, person.id FROM led JOIN person ON person.team = led.team),
    in_team AS (SELECT id AS viewer, team FROM viewer WHERE team IS NOT NULL UNION SELECT viewer, team FROM led),
    territory AS (SELECT id, (body->>'parent')::uuid AS parent, body FROM record WHERE kind = 'territory' AND NOT deleted),
    in_territory AS (
        SELECT viewer.id AS viewer, territory.id AS territory FROM viewer JOIN territory
            ON (territory.body->>'manager')::uuid = viewer.id OR territory.body->'members' ? viewer.id::text
        UNION
        SELECT around.viewer, territory.id FROM in_territory around JOIN territory ON territory.parent = around.territory),
    -- Deleted ones too: what is under an account may outlive it.
    account AS (SELECT id, body, (state #>> '{created,by}')::uuid AS maker FROM record WHERE kind = 'account'),
    share AS (
        SELECT (body->>'account')::uuid AS account, (body->>'member')::uuid AS person, (body->>'team')::uuid AS team
        FROM record WHERE kind = 'share' AND NOT deleted AND coalesce((body->>'until')::bigint > $1, true)),
    granted AS (
        SELECT id AS account, coalesce((body->>'owner')::uuid, maker) AS person FROM account
        UNION SELECT id, collaborator::uuid FROM account, jsonb_array_elements_text(body->'collaborators') AS collaborator
        UNION SELECT account, person FROM share),
    opened AS (
        -- The pool: what is nobody's and in no territory is everybody's to claim.
        SELECT viewer.id AS viewer, account.id AS account FROM viewer, account
            WHERE account.body->>'owner' IS NULL AND account.body->>'territory' IS NULL
        UNION SELECT stands_for.viewer, granted.account FROM granted JOIN stands_for USING (person)
        UNION SELECT in_team.viewer, share.account FROM share JOIN in_team USING (team)
        UNION SELECT in_territory.viewer, account.id
            FROM account JOIN in_territory ON in_territory.territory = (account.body->>'territory')::uuid
        UNION SELECT viewer.id, account.id FROM viewer, account WHERE viewer.role = 'administrator'
        -- Whoever sees an account sees what gave way to it.
        UNION SELECT opened.viewer, account.id
            FROM opened JOIN account ON (account.body->>'merged_into')::uuid = opened.account),
    living AS (SELECT id, kind, body, (state #>> '{created,by}')::uuid AS maker FROM record WHERE NOT deleted),
    -- Under which account a record stands, if under one.
    under AS (
        SELECT id, maker, CASE kind WHEN 'account' THEN id ELSE (body->>'account')::uuid END AS account
        FROM living WHERE kind IN ('account', 'contact', 'follow_up', 'comment', 'share')),
    seen AS (
        SELECT viewer.id AS viewer, living.id FROM viewer, living WHERE living.kind IN ('member', 'team', 'territory')
        UNION SELECT viewer.id, living.id FROM viewer, living WHERE living.kind IN ('saved_query', 'dashboard') AND body->>'shared' = 'company'
        UNION SELECT maker, id FROM living WHERE kind IN ('saved_query', 'dashboard')
        UNION SELECT viewer.id, living.id FROM viewer, living WHERE kind IN ('saved_query', 'dashboard') AND body->>'shared' = 'some'
            AND (viewer.role = body->>'role' OR viewer.role = 'administrator')
        UNION SELECT in_team.viewer, living.id FROM living JOIN in_team ON in_team.team = (body->>'team')::uuid
            WHERE kind IN ('saved_query', 'dashboard') AND body->>'shared' = 'some'
        -- Who leads somebody sees what is shared with him, and what he shares.
        UNION SELECT stands_for.viewer, living.id FROM living JOIN stands_for
            ON stands_for.person = maker OR body->'members' ? stands_for.person::text
            WHERE kind IN ('saved_query', 'dashboard') AND body->>'shared' = 'some'
        UNION SELECT (body->>'recipient')::uuid, id FROM living WHERE kind = 'notice'
        UNION SELECT opened.viewer, under.id FROM under JOIN opened USING (account)
        UNION SELECT stands_for.viewer, living.id FROM living JOIN stands_for
            ON stands_for.person IN ((body->>'first_owner')::uuid, (body->>'second_owner')::uuid) WHERE living.kind = 'collision'
        UNION SELECT viewer.id, living.id FROM viewer, living WHERE living.kind = 'collision' AND viewer.role = 'administrator'
        UNION SELECT maker, id FROM under WHERE account IS NULL)
SELECT viewer, array_agg(seen.id) FROM seen JOIN viewer ON viewer.id = seen.viewer GROUP BY viewer
