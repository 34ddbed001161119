-- +goose Up
-- Definitions that oversight works by, by version: checklists, ladders, comparisons, score trees. A version never changes.
CREATE TABLE rulebook (
    kind      TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    version   BIGINT NOT NULL,
    body      TEXT   NOT NULL,
    loaded_at BIGINT NOT NULL,
    by_name   TEXT   NOT NULL,
    PRIMARY KEY (kind, id, version)
);

-- Teams with the areas they cover (分片包干); who was a member when is kept.
CREATE TABLE inspection_team (
    id         TEXT   PRIMARY KEY,
    edit       BIGINT NOT NULL,
    name_zh    TEXT   NOT NULL,
    name_en    TEXT   NOT NULL,
    keeper_id  BIGINT NOT NULL REFERENCES division (id),
    line       TEXT   NOT NULL,
    retired_at BIGINT,
    changed_at BIGINT NOT NULL
);
CREATE TABLE inspection_team_area (
    team_id     TEXT   NOT NULL REFERENCES inspection_team (id),
    division_id BIGINT NOT NULL REFERENCES division (id),
    PRIMARY KEY (team_id, division_id)
);
CREATE TABLE inspection_team_member (
    team_id   TEXT   NOT NULL REFERENCES inspection_team (id),
    person_id TEXT   NOT NULL REFERENCES person (id),
    leads     BIGINT NOT NULL DEFAULT 0,
    since     BIGINT NOT NULL,
    until     BIGINT,
    PRIMARY KEY (team_id, person_id, since)
);

-- keeper_id runs the plan, scope_id is inspected. While mode is unannounced and the plan not done, only who may read inspections
-- at the keeper knows of it. drawn keeps the whole request and result of the drawing, so that it can be checked again.
CREATE TABLE inspection_plan (
    id                BIGINT PRIMARY KEY,
    edit              BIGINT NOT NULL,
    client_id         TEXT   NOT NULL UNIQUE,
    title             TEXT   NOT NULL,
    line              TEXT   NOT NULL,
    mode              TEXT   NOT NULL,
    origin            TEXT   NOT NULL,
    checklist_id      TEXT   NOT NULL,
    checklist_version BIGINT NOT NULL,
    object_kind       TEXT   NOT NULL,
    keeper_id         BIGINT NOT NULL REFERENCES division (id),
    scope_id          BIGINT NOT NULL REFERENCES division (id),
    from_on           BIGINT NOT NULL,
    to_on             BIGINT NOT NULL,
    teams             TEXT   NOT NULL DEFAULT '[]',
    state             TEXT   NOT NULL,
    drawn             TEXT,
    drawn_at          BIGINT,
    by_id             TEXT   NOT NULL,
    by_name           TEXT   NOT NULL,
    at                BIGINT NOT NULL,
    done_at           BIGINT
);
CREATE INDEX inspection_plan_keeper ON inspection_plan (keeper_id, id);

-- One object looked at once. answers and result are JSON of the checklist's room.
CREATE TABLE inspection (
    id                BIGINT PRIMARY KEY,
    edit              BIGINT NOT NULL,
    client_id         TEXT   NOT NULL UNIQUE,
    plan_id           BIGINT REFERENCES inspection_plan (id),
    team_id           TEXT   REFERENCES inspection_team (id),
    object_id         BIGINT NOT NULL REFERENCES water_object (id),
    division_id       BIGINT NOT NULL REFERENCES division (id),
    keeper_id         BIGINT NOT NULL REFERENCES division (id),
    line              TEXT   NOT NULL,
    origin            TEXT   NOT NULL,
    mode              TEXT   NOT NULL,
    veiled            BIGINT NOT NULL,
    checklist_id      TEXT   NOT NULL,
    checklist_version BIGINT NOT NULL,
    state             TEXT   NOT NULL,
    inspectors        TEXT   NOT NULL DEFAULT '[]',
    answers           TEXT   NOT NULL DEFAULT '{}',
    score             BIGINT,
    note              TEXT   NOT NULL DEFAULT '',
    started_at        BIGINT,
    done_at           BIGINT,
    changed_at        BIGINT NOT NULL
);
CREATE INDEX inspection_of_plan ON inspection (plan_id, id);
CREATE INDEX inspection_of_object ON inspection (object_id, done_at);
