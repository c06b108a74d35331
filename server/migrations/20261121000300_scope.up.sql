-- Who sees what: a record is visible to a member when one key is open both on its root and on the member.

CREATE TABLE access (
    org_id    uuid   NOT NULL,
    root      text   NOT NULL,
    key       text   NOT NULL,
    from_seq  bigint NOT NULL,
    to_seq    bigint,
    PRIMARY KEY (org_id, root, key, from_seq)
);
CREATE INDEX access_key ON access (org_id, key, from_seq);
CREATE UNIQUE INDEX access_open ON access (org_id, root, key) WHERE to_seq IS NULL;
COMMENT ON TABLE access IS 'Keys of a root (its owner, team, pool, shares) as intervals [from_seq, to_seq).';
COMMENT ON COLUMN access.to_seq IS 'First seq at which the key no longer opens the root; null while it does.';

CREATE TABLE member_scope (
    org_id     uuid   NOT NULL,
    member_id  uuid   NOT NULL,
    key        text   NOT NULL,
    from_seq   bigint NOT NULL,
    to_seq     bigint,
    PRIMARY KEY (org_id, member_id, key, from_seq)
);
CREATE INDEX member_scope_key ON member_scope (org_id, key);
CREATE UNIQUE INDEX member_scope_open ON member_scope (org_id, member_id, key) WHERE to_seq IS NULL;
COMMENT ON TABLE member_scope IS 'Keys a member holds as intervals [from_seq, to_seq): reorganising people touches these rows and no account.';

CREATE TRIGGER access_stamped BEFORE INSERT OR UPDATE ON access
    FOR EACH ROW EXECUTE FUNCTION refuse_unstamped_interval();
CREATE TRIGGER member_scope_stamped BEFORE INSERT OR UPDATE ON member_scope
    FOR EACH ROW EXECUTE FUNCTION refuse_unstamped_interval();
