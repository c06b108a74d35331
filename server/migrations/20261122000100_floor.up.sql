-- What is forgotten after 180 days, and how a device that was away longer learns of it.

ALTER TABLE org_feed ADD COLUMN floor bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN org_feed.floor IS 'Highest seq of what was forgotten: a device whose last pull ended below it loads anew.';

CREATE TABLE feed_mark (
    org_id  uuid   NOT NULL,
    at      bigint NOT NULL,
    seq     bigint NOT NULL,
    PRIMARY KEY (org_id, at)
);
COMMENT ON TABLE feed_mark IS 'Where the feed stood at a time, noted once a day: how old a seq is. A device''s clock could not tell.';

CREATE TABLE forgotten_record (
    org_id  uuid NOT NULL,
    id      uuid NOT NULL,
    PRIMARY KEY (org_id, id)
);
COMMENT ON TABLE forgotten_record IS 'Ids of records whose tombstones were forgotten: a late edit of one is told from a new record, and parked.';

-- Finding tombstones must not cost a walk through the living.
CREATE INDEX record_tombstones ON record (org_id, seq, id) WHERE deleted;

DO $$
DECLARE
    walled text;
BEGIN
    FOREACH walled IN ARRAY ARRAY['feed_mark', 'forgotten_record'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', walled);
        EXECUTE format('CREATE POLICY one_company ON %I USING (org_id = nullif(current_setting(''rounds.org'', true), '''')::uuid)', walled);
    END LOOP;
END $$;
