-- Records of every kind, and the feed they are handed out in. The tables know no kind. The busy ones carry no foreign
-- key to org: it would lock the company's row for every row written, and row-level security already binds org_id.

CREATE TABLE org_feed (
    org_id  uuid   PRIMARY KEY REFERENCES org (id),
    seq     bigint NOT NULL DEFAULT 0,
    epoch   bigint NOT NULL DEFAULT 1
);
COMMENT ON TABLE org_feed IS 'One counter per company. Raising it is the last step before the writes of a transaction: its row lock makes the order of seq the order of commits. No row-level security: it holds no business data and is polled across companies.';
COMMENT ON COLUMN org_feed.seq IS 'The seq of the newest committed change.';
COMMENT ON COLUMN org_feed.epoch IS 'Raised after a restore from backup; devices then resend what they archived.';

CREATE TABLE record (
    org_id   uuid    NOT NULL,
    id       uuid    NOT NULL,
    kind     text    NOT NULL,
    root     text    NOT NULL,
    seq      bigint  NOT NULL,
    deleted  boolean NOT NULL DEFAULT false,
    phase    smallint NOT NULL DEFAULT 3,
    body     jsonb   NOT NULL,
    state    jsonb   NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX record_feed ON record (org_id, seq, id);
CREATE INDEX record_by_root ON record (org_id, root, id);
CREATE INDEX record_first_load ON record (org_id, phase, id) WHERE NOT deleted;
CREATE INDEX record_kind ON record (org_id, kind);
COMMENT ON TABLE record IS 'Every business record of every kind, tombstones included.';
COMMENT ON COLUMN record.root IS 'The record that decides who sees this one: the account, the member or the company it belongs to.';
COMMENT ON COLUMN record.seq IS 'org_feed.seq of the transaction that last changed the row; a trigger refuses anything else.';
COMMENT ON COLUMN record.deleted IS 'A tombstone, kept so that an edit which had not seen the delete can bring the record back.';
COMMENT ON COLUMN record.phase IS 'In which phase of a device''s first load the record comes, 0 to 3.';
COMMENT ON COLUMN record.body IS 'Plain field values, for SQL and business-intelligence tools.';
COMMENT ON COLUMN record.state IS 'The merge state: values with their clocks. The server answers from it and writes body after it.';

CREATE TABLE record_root (
    org_id     uuid   NOT NULL,
    record_id  uuid   NOT NULL,
    root       text   NOT NULL,
    from_seq   bigint NOT NULL,
    to_seq     bigint,
    PRIMARY KEY (org_id, record_id, from_seq)
);
CREATE INDEX record_root_moves ON record_root (org_id, root, from_seq);
COMMENT ON TABLE record_root IS 'Under which root a record stood from which seq to which: who had it before it moved learns that it left.';
COMMENT ON COLUMN record_root.to_seq IS 'First seq at which it no longer held; null while it holds. Intervals are [from_seq, to_seq).';

CREATE TABLE field_history (
    org_id     uuid    NOT NULL,
    record_id  uuid    NOT NULL,
    field      text    NOT NULL,
    seq        bigint  NOT NULL,
    op_id      uuid    NOT NULL,
    clock      text    NOT NULL,
    actor      uuid    NOT NULL,
    value      jsonb   NOT NULL,
    lost       boolean NOT NULL,
    at         bigint  NOT NULL
);
CREATE INDEX field_history_newest ON field_history (org_id, record_id, seq DESC);
COMMENT ON TABLE field_history IS 'Every value a field ever had or was offered.';
COMMENT ON COLUMN field_history.lost IS 'True where an edit lost against a later one: the value was never current, and can be restored from here.';
COMMENT ON COLUMN field_history.at IS 'When the person acted, by the op''s clock, in UTC milliseconds.';

-- The one guard that nothing can write around the feed: imports, jobs and later migrations included.
CREATE FUNCTION refuse_unstamped_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq IS DISTINCT FROM nullif(current_setting('rounds.seq', true), '')::bigint THEN
        RAISE EXCEPTION 'write to % without the stamp of its transaction', TG_TABLE_NAME
            USING ERRCODE = 'RD001', HINT = 'Raise org_feed.seq and set rounds.seq in this transaction first.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER record_stamped BEFORE INSERT OR UPDATE ON record FOR EACH ROW EXECUTE FUNCTION refuse_unstamped_record();

-- An interval is opened and closed at the stamp, and never rewritten once closed.
CREATE FUNCTION refuse_unstamped_interval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stamp bigint := nullif(current_setting('rounds.seq', true), '')::bigint;
    right_stamp boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        right_stamp := NEW.from_seq IS NOT DISTINCT FROM stamp AND NEW.to_seq IS NULL;
    ELSE
        right_stamp := NEW.from_seq = OLD.from_seq AND OLD.to_seq IS NULL AND NEW.to_seq IS NOT DISTINCT FROM stamp
            AND NEW.to_seq IS NOT NULL;
    END IF;
    IF NOT right_stamp THEN
        RAISE EXCEPTION 'interval in % without the stamp of its transaction', TG_TABLE_NAME
            USING ERRCODE = 'RD001', HINT = 'Open and close intervals at the seq of this transaction.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER record_root_stamped BEFORE INSERT OR UPDATE ON record_root
    FOR EACH ROW EXECUTE FUNCTION refuse_unstamped_interval();
