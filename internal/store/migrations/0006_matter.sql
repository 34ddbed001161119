-- +goose Up
-- matter: whatever must be closed -----------------------------------------
-- division_id is where it lies, keeper_id the division whose office keeps and reviews it; a veiled row is seen only by who may
-- read inspections at the keeper. rev numbers every write over all matters, so that a reader can ask what has changed since.
-- live and cause together let a rule open a matter once.
CREATE TABLE matter (
    id              BIGINT PRIMARY KEY,
    rev             BIGINT NOT NULL UNIQUE,
    edit            BIGINT NOT NULL,
    client_id       TEXT   NOT NULL UNIQUE,
    number          TEXT   NOT NULL UNIQUE,
    kind            TEXT   NOT NULL,
    line            TEXT   NOT NULL,
    division_id     BIGINT NOT NULL REFERENCES division (id),
    keeper_id       BIGINT NOT NULL REFERENCES division (id),
    veiled          BIGINT NOT NULL DEFAULT 0,
    object_id       BIGINT REFERENCES water_object (id),
    source          TEXT   NOT NULL,
    source_id       TEXT   NOT NULL DEFAULT '',
    cause           TEXT,
    item            TEXT   NOT NULL DEFAULT '',
    title_zh        TEXT   NOT NULL,
    title_en        TEXT   NOT NULL DEFAULT '',
    detail          TEXT   NOT NULL DEFAULT '',
    basis           TEXT   NOT NULL DEFAULT '',
    severity        BIGINT NOT NULL DEFAULT 0,
    origin          TEXT   NOT NULL,
    points          BIGINT,
    place           TEXT   NOT NULL DEFAULT '',
    lon_e7          BIGINT,
    lat_e7          BIGINT,
    state           TEXT   NOT NULL,
    live            BIGINT NOT NULL,
    unit_id         TEXT   NOT NULL REFERENCES organisation (id),
    person_id       TEXT   REFERENCES person (id),
    measures        TEXT   NOT NULL DEFAULT '',
    found_at        BIGINT NOT NULL,
    opened_at       BIGINT NOT NULL,
    due_at          BIGINT NOT NULL,
    original_due_at BIGINT,
    extended_at     BIGINT,
    asked_due_at    BIGINT,
    asked_reason    TEXT   NOT NULL DEFAULT '',
    asked_by        TEXT   NOT NULL DEFAULT '',
    disputed_by     TEXT   NOT NULL DEFAULT '',
    submitted_at    BIGINT,
    submitted_by    TEXT   NOT NULL DEFAULT '',
    closed_at       BIGINT,
    rechecked_at    BIGINT,
    reopened        BIGINT NOT NULL DEFAULT 0,
    recurs_id       BIGINT REFERENCES matter (id),
    missed          BIGINT NOT NULL DEFAULT 0,
    step            TEXT   NOT NULL DEFAULT '',
    changed_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX matter_cause ON matter (cause) WHERE live = 1;
CREATE INDEX matter_object ON matter (object_id, item, found_at);
CREATE INDEX matter_source ON matter (source, source_id);

-- What happened to a matter, in order; nothing is ever changed here.
CREATE TABLE matter_event (
    matter_id  BIGINT NOT NULL REFERENCES matter (id),
    seq        BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    actor_id   TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    move       TEXT   NOT NULL,
    from_state TEXT   NOT NULL,
    to_state   TEXT   NOT NULL,
    reason     TEXT   NOT NULL DEFAULT '',
    detail     TEXT   NOT NULL DEFAULT '{}',
    PRIMARY KEY (matter_id, seq)
) /*clustered*/;
CREATE INDEX matter_event_at ON matter_event (at);

CREATE TABLE matter_link (
    from_id BIGINT NOT NULL REFERENCES matter (id),
    to_id   BIGINT NOT NULL REFERENCES matter (id),
    kind    TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (from_id, to_id, kind)
);
CREATE INDEX matter_link_back ON matter_link (to_id);

-- A file that speaks for a matter. The place here is what a person claims; the camera's stands with the file.
CREATE TABLE matter_evidence (
    id        TEXT   PRIMARY KEY,
    matter_id BIGINT NOT NULL REFERENCES matter (id),
    file_hash TEXT   NOT NULL REFERENCES evidence_file (hash),
    role      TEXT   NOT NULL,
    round     BIGINT NOT NULL,
    note      TEXT   NOT NULL DEFAULT '',
    place     TEXT   NOT NULL DEFAULT '',
    lon_e7    BIGINT,
    lat_e7    BIGINT,
    at        BIGINT NOT NULL,
    by_id     TEXT   NOT NULL,
    by_name   TEXT   NOT NULL
);
CREATE INDEX matter_evidence_matter ON matter_evidence (matter_id, at);
CREATE INDEX matter_evidence_file ON matter_evidence (file_hash);

-- The parts of a sweep: one object each, with its answer.
CREATE TABLE matter_part (
    matter_id  BIGINT NOT NULL REFERENCES matter (id),
    object_id  BIGINT NOT NULL REFERENCES water_object (id),
    answer     TEXT   NOT NULL DEFAULT '',
    note       TEXT   NOT NULL DEFAULT '',
    finding_id BIGINT REFERENCES matter (id),
    at         BIGINT,
    by_name    TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (matter_id, object_id)
);

-- Steps of the ladder: proposed by one person, approved by another, answered by the unit addressed.
CREATE TABLE escalation (
    id            TEXT   PRIMARY KEY,
    edit          BIGINT NOT NULL,
    step          TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    division_id   BIGINT NOT NULL REFERENCES division (id),
    keeper_id     BIGINT NOT NULL REFERENCES division (id),
    line          TEXT   NOT NULL,
    unit_id       TEXT   NOT NULL REFERENCES organisation (id),
    person_id     TEXT   REFERENCES person (id),
    reason        TEXT   NOT NULL,
    number        TEXT   NOT NULL DEFAULT '',
    proposed_at   BIGINT NOT NULL,
    proposed_by   TEXT   NOT NULL,
    proposed_name TEXT   NOT NULL,
    decided_at    BIGINT,
    decided_name  TEXT   NOT NULL DEFAULT '',
    decision      TEXT   NOT NULL DEFAULT '',
    reply_due_at  BIGINT NOT NULL,
    replied_at    BIGINT,
    replied_name  TEXT   NOT NULL DEFAULT '',
    reply         TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX escalation_division ON escalation (division_id, proposed_at);
CREATE TABLE escalation_matter (
    escalation_id TEXT   NOT NULL REFERENCES escalation (id),
    matter_id     BIGINT NOT NULL REFERENCES matter (id),
    PRIMARY KEY (escalation_id, matter_id)
);
CREATE INDEX escalation_matter_matter ON escalation_matter (matter_id);

-- Meetings, whose decisions are matters of kind task with source meeting.
CREATE TABLE meeting (
    id          TEXT   PRIMARY KEY,
    edit        BIGINT NOT NULL,
    title       TEXT   NOT NULL,
    held_on     BIGINT NOT NULL,
    division_id BIGINT NOT NULL REFERENCES division (id),
    line        TEXT   NOT NULL,
    chair       TEXT   NOT NULL DEFAULT '',
    minutes     TEXT   NOT NULL,
    previous_id TEXT   REFERENCES meeting (id),
    by_id       TEXT   NOT NULL,
    by_name     TEXT   NOT NULL,
    at          BIGINT NOT NULL
);
CREATE INDEX meeting_division ON meeting (division_id, held_on);
