-- The bytes of files (sync.md, item 19). They are in the database so that one backup has all of it.

CREATE TABLE blob (
    org_id   uuid   NOT NULL,
    sha256   bytea  NOT NULL,
    size     bigint NOT NULL,
    sent_by  uuid   NOT NULL,
    at       bigint NOT NULL,
    PRIMARY KEY (org_id, sha256)
);
COMMENT ON TABLE blob IS 'A file whose bytes are all there and are what their address says: once per company, whatever mentions it.';
COMMENT ON COLUMN blob.sha256 IS 'Of the bytes, 32 of them.';
COMMENT ON COLUMN blob.size IS 'In bytes.';
COMMENT ON COLUMN blob.sent_by IS 'Whose parts they are, among those of several who sent the same.';
COMMENT ON COLUMN blob.at IS 'When the last part came, or a device last asked whether it is there, in UTC milliseconds.';

CREATE TABLE blob_part (
    org_id     uuid   NOT NULL,
    sha256     bytea  NOT NULL,
    sent_by    uuid   NOT NULL,
    from_byte  bigint NOT NULL,
    bytes      bytea  NOT NULL,
    at         bigint NOT NULL,
    PRIMARY KEY (org_id, sha256, sent_by, from_byte)
);
-- Pictures are compressed already.
ALTER TABLE blob_part ALTER COLUMN bytes SET STORAGE EXTERNAL;
COMMENT ON TABLE blob_part IS 'The bytes, as they came; those of a file that is not whole yet too. Each sender has parts of his own: nobody can spoil another''s.';
COMMENT ON COLUMN blob_part.from_byte IS 'Where the part begins; a part is only taken where the ones before it end.';
COMMENT ON COLUMN blob_part.at IS 'When it came, in UTC milliseconds.';

-- Who may get a file is asked of the records that mention it.
CREATE INDEX record_file ON record (org_id, (body->'file'->>'sha256')) WHERE kind = 'attachment';
CREATE INDEX record_thumbnail ON record (org_id, (body->'thumbnail'->>'sha256')) WHERE kind = 'attachment';

DO $$
DECLARE
    walled text;
BEGIN
    FOREACH walled IN ARRAY ARRAY['blob', 'blob_part'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', walled);
        EXECUTE format('CREATE POLICY one_company ON %I USING (org_id = nullif(current_setting(''rounds.org'', true), '''')::uuid)', walled);
        EXECUTE format('CREATE POLICY backup ON %I FOR SELECT USING (current_setting(''rounds.backup'', true) = ''on'')', walled);
    END LOOP;
END $$;
