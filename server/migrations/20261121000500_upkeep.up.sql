-- What instances share so that any of them can answer any request.

CREATE TABLE throttle (
    key           text    NOT NULL,
    window_start  bigint  NOT NULL,
    count         integer NOT NULL,
    PRIMARY KEY (key, window_start)
);
COMMENT ON TABLE throttle IS 'Attempts per fixed window, counted across instances.';
COMMENT ON COLUMN throttle.key IS 'What is limited, with the sign-in name hashed: no address book can be read from here.';
COMMENT ON COLUMN throttle.window_start IS 'UTC milliseconds, a multiple of the window''s length.';

CREATE TABLE site_file (
    build         text   NOT NULL,
    path          text   NOT NULL,
    body          bytea  NOT NULL,
    content_type  text   NOT NULL,
    created_at    bigint NOT NULL,
    PRIMARY KEY (build, path)
);
CREATE INDEX site_file_path ON site_file (path, created_at DESC);
COMMENT ON TABLE site_file IS 'Hashed files of the last builds: an installed older client finds its script on every instance.';
COMMENT ON COLUMN site_file.path IS 'As requested, such as /pkg/rounds.1a2b3c4d.js; the compressed form is a file of its own ending in .br.';
COMMENT ON COLUMN site_file.created_at IS 'When an instance last started with this build.';
