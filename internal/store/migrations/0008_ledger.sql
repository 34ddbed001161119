-- +goose Up
-- What the city works down one by one, each ledger by its own rules (kind ledger or tree of rulebook). round tells entries of one
-- object apart where it comes in again: a year, a day it was due. state is the last step's, track the class it goes by. due_on is the
-- number YYYYMMDD, due_first what it was at first. It lies where its object lies. withdrawn_by is '' where a person withdrew it.
CREATE TABLE ledger_entry (
    id           BIGINT PRIMARY KEY,
    edit         BIGINT NOT NULL,
    scheme_id    TEXT   NOT NULL,
    object_id    BIGINT NOT NULL REFERENCES water_object (id),
    round        TEXT   NOT NULL DEFAULT '',
    line         TEXT   NOT NULL,
    track        TEXT   NOT NULL DEFAULT '',
    state        TEXT   NOT NULL,
    due_on       BIGINT,
    due_first    BIGINT,
    listed_at    BIGINT NOT NULL,
    withdrawn_at BIGINT,
    withdrawn_by TEXT   NOT NULL DEFAULT '',
    note         TEXT   NOT NULL DEFAULT '',
    by_id        TEXT   NOT NULL,
    by_name      TEXT   NOT NULL,
    changed_at   BIGINT NOT NULL,
    UNIQUE (scheme_id, object_id, round)
);
CREATE INDEX ledger_entry_object ON ledger_entry (object_id, id);

-- A step is written once; one that was wrong is undone with a reason and stays. at is when it was taken, written_at when it was told.
-- mark and holds are set where it is no state but a mark. result is JSON: the answers of a score tree and what they came to.
CREATE TABLE ledger_step (
    id         BIGINT PRIMARY KEY,
    client_id  TEXT   NOT NULL UNIQUE,
    entry_id   BIGINT NOT NULL REFERENCES ledger_entry (id),
    at         BIGINT NOT NULL,
    state      TEXT   NOT NULL DEFAULT '',
    mark       TEXT   NOT NULL DEFAULT '',
    holds      BIGINT NOT NULL DEFAULT 0,
    document   TEXT   NOT NULL DEFAULT '',
    note       TEXT   NOT NULL DEFAULT '',
    result     TEXT,
    by_id      TEXT   NOT NULL,
    by_name    TEXT   NOT NULL,
    written_at BIGINT NOT NULL,
    undone_at  BIGINT,
    undone_by  TEXT   NOT NULL DEFAULT '',
    undone_why TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX ledger_step_entry ON ledger_step (entry_id, at, id);
CREATE TABLE ledger_file (
    step_id   BIGINT NOT NULL REFERENCES ledger_step (id),
    file_hash TEXT   NOT NULL REFERENCES evidence_file (hash),
    PRIMARY KEY (step_id, file_hash)
) /*clustered*/;
