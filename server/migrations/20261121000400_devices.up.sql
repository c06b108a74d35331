-- What the server knows of each device, and what it answered to each op.

CREATE TABLE device (
    org_id           uuid   NOT NULL REFERENCES org (id),
    device_id        uuid   NOT NULL,
    member_id        uuid   NOT NULL,
    label            text   NOT NULL DEFAULT '',
    last_n           bigint NOT NULL DEFAULT 0,
    settled_n        bigint NOT NULL DEFAULT 0,
    confirmed_seq    bigint NOT NULL DEFAULT 0,
    app_version      text   NOT NULL DEFAULT '',
    pending          bigint NOT NULL DEFAULT 0,
    clock_offset_ms  bigint NOT NULL DEFAULT 0,
    first_seen_at    bigint NOT NULL,
    last_seen_at     bigint NOT NULL,
    revoked_at       bigint,
    PRIMARY KEY (org_id, device_id),
    FOREIGN KEY (org_id, member_id) REFERENCES membership (org_id, member_id)
);
CREATE INDEX device_member ON device (org_id, member_id);
COMMENT ON TABLE device IS 'A local database on somebody''s device. Its id lives and dies with that database.';
COMMENT ON COLUMN device.last_n IS 'Number of the last op taken in; the next must be last_n + 1.';
COMMENT ON COLUMN device.settled_n IS 'Ops up to here have left the device''s outbox: their stored outcomes may be pruned.';
COMMENT ON COLUMN device.confirmed_seq IS 'Checkpoint the device has confirmed: an op cannot claim to have known more.';
COMMENT ON COLUMN device.pending IS 'Unsent ops the device last reported, for the person who lost it and for support.';
COMMENT ON COLUMN device.clock_offset_ms IS 'Server time minus device time when last seen.';

CREATE TABLE op_outcome (
    org_id     uuid   NOT NULL,
    device_id  uuid   NOT NULL,
    n          bigint NOT NULL,
    op_id      uuid   NOT NULL,
    hash       bytea  NOT NULL,
    seq        bigint NOT NULL,
    outcome    jsonb  NOT NULL,
    PRIMARY KEY (org_id, device_id, n)
);
CREATE INDEX op_outcome_op ON op_outcome (org_id, op_id);
COMMENT ON TABLE op_outcome IS 'The answer given to each op, repeated byte for byte when the op arrives again.';
COMMENT ON COLUMN op_outcome.hash IS 'What the op said apart from its clocks, as 16 bytes: the same number with another content means a forked device.';

CREATE TABLE parked_op (
    org_id       uuid   NOT NULL,
    op_id        uuid   NOT NULL,
    device_id    uuid   NOT NULL,
    n            bigint NOT NULL,
    actor        uuid   NOT NULL,
    reason       text   NOT NULL,
    op           jsonb  NOT NULL,
    at           bigint NOT NULL,
    resolved_at  bigint,
    PRIMARY KEY (org_id, op_id)
);
CREATE INDEX parked_op_open ON parked_op (org_id, at) WHERE resolved_at IS NULL;
COMMENT ON TABLE parked_op IS 'Ops the server could not apply and did not drop: an owner or a manager decides.';
