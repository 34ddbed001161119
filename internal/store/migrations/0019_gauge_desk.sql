-- +goose Up
-- Files of readings on their way in (资料导入): kept until they are stored or given up, so that an import which a crash cut off is taken up
-- again. runner is the process that stores it; options, report and failure are JSON; body is the file, NULL once it is no longer needed.
CREATE TABLE reading_import (
    id          TEXT   PRIMARY KEY,
    account     TEXT   NOT NULL,
    by_name     TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    state       TEXT   NOT NULL CHECK (state IN ('preview', 'running', 'done', 'failed')),
    runner      TEXT   NOT NULL DEFAULT '',
    options     TEXT   NOT NULL,
    report      TEXT   NOT NULL,
    failure     TEXT   NOT NULL DEFAULT '',
    done        BIGINT NOT NULL DEFAULT 0,
    uploaded_at BIGINT NOT NULL,
    beat_at     BIGINT NOT NULL,
    ended_at    BIGINT,
    body        BYTEA
);
CREATE INDEX reading_import_account ON reading_import (account, uploaded_at);

-- What a reservoir holds at a level (库容曲线, SL 323 ST_ZVARL_B), by the station that measures the level: the points of the curve as JSON, and
-- the levels and storages that it is read against. edit counts the changes.
CREATE TABLE storage_curve (
    object_id  BIGINT PRIMARY KEY REFERENCES water_object (id),
    body       TEXT   NOT NULL,
    edit       BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- Events are listed by when they began, and those of one kind.
CREATE INDEX exceedance_kind ON exceedance (kind, onset_at);
