-- Companies, the people who sign in, and how. These tables are read before the company is known, so they have no
-- row-level security; every key that belongs to a company still starts with org_id.

CREATE TABLE org (
    id          uuid   PRIMARY KEY,
    name        text   NOT NULL,
    zone        text   NOT NULL,
    currency    text   NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    created_at  bigint NOT NULL
);
COMMENT ON TABLE org IS 'A company: the tenant that everything else belongs to.';
COMMENT ON COLUMN org.zone IS 'IANA time zone of the company, such as Asia/Shanghai; "today" and due dates are meant in it.';
COMMENT ON COLUMN org.currency IS 'ISO 4217 code of the currency the company thinks in.';
COMMENT ON COLUMN org.created_at IS 'UTC milliseconds, as every column ending in _at.';

CREATE TABLE identity (
    id             uuid   PRIMARY KEY,
    email          text   UNIQUE CHECK (email = lower(email)),
    mobile         text   UNIQUE CHECK (mobile ~ '^\+?[0-9]+$'),
    password_hash  text,
    created_at     bigint NOT NULL
);
COMMENT ON TABLE identity IS 'A person who signs in. One person may be a member of several companies.';
COMMENT ON COLUMN identity.email IS 'Lower-cased; null for people who sign in by mobile number or link only.';
COMMENT ON COLUMN identity.mobile IS 'Normalised (digits, leading + with country code); null where there is none.';
COMMENT ON COLUMN identity.password_hash IS 'Argon2id in PHC format; null until the person has set a password.';

CREATE TABLE membership (
    org_id       uuid NOT NULL REFERENCES org (id),
    member_id    uuid NOT NULL,
    identity_id  uuid NOT NULL REFERENCES identity (id),
    PRIMARY KEY (org_id, member_id),
    UNIQUE (org_id, identity_id)
);
CREATE INDEX membership_identity ON membership (identity_id);
COMMENT ON TABLE membership IS 'Which identity is which member of which company. Role, name and whether the member is active are read from the member record, which syncs like any other.';
COMMENT ON COLUMN membership.member_id IS 'Id of the record of kind member.';

CREATE TABLE session (
    token_hash    bytea  PRIMARY KEY,
    org_id        uuid   NOT NULL,
    member_id     uuid   NOT NULL,
    device_label  text   NOT NULL,
    created_at    bigint NOT NULL,
    last_seen_at  bigint NOT NULL,
    revoked_at    bigint,
    FOREIGN KEY (org_id, member_id) REFERENCES membership (org_id, member_id)
);
CREATE INDEX session_member ON session (org_id, member_id);
COMMENT ON TABLE session IS 'A signed-in device.';
COMMENT ON COLUMN session.token_hash IS 'SHA-256 of the cookie: a copy of this table signs nobody in.';
COMMENT ON COLUMN session.device_label IS 'What the device calls itself, shown in the list of devices.';
COMMENT ON COLUMN session.last_seen_at IS 'Refreshed at most hourly; 90 idle days end the session.';

CREATE TABLE sign_in_link (
    token_hash  bytea  PRIMARY KEY,
    org_id      uuid   NOT NULL,
    member_id   uuid   NOT NULL,
    created_at  bigint NOT NULL,
    expires_at  bigint NOT NULL,
    used_at     bigint,
    FOREIGN KEY (org_id, member_id) REFERENCES membership (org_id, member_id)
);
COMMENT ON TABLE sign_in_link IS 'One-time links handed to a member who has no password yet or lost it.';
COMMENT ON COLUMN sign_in_link.used_at IS 'Set by the one UPDATE that redeems the link, so two redeemers cannot both succeed.';
