-- +goose Up
CREATE TABLE probe (id BIGINT PRIMARY KEY, at BIGINT NOT NULL);

CREATE TABLE sequence (name TEXT PRIMARY KEY, next BIGINT NOT NULL);

CREATE TABLE setting (name TEXT PRIMARY KEY, body TEXT NOT NULL, changed_at BIGINT NOT NULL);

-- registry ---------------------------------------------------------------
-- parent_id is explicit: a functional area (滨海新城) has no code under its parent's prefix.
-- inside_id names a division whose figures already hold this one's, so that it is listed and not added.
-- edit counts the changes of a row: who sends an older number is told that somebody else was faster.
CREATE TABLE division (
    id            BIGINT PRIMARY KEY,
    code          TEXT   NOT NULL UNIQUE,
    name_zh       TEXT   NOT NULL,
    name_en       TEXT   NOT NULL,
    short_zh      TEXT   NOT NULL,
    kind          TEXT   NOT NULL CHECK (kind IN ('administrative', 'functional')),
    level         TEXT   NOT NULL CHECK (level IN ('province', 'city', 'county', 'town', 'village')),
    parent_id     BIGINT REFERENCES division (id),
    inside_id     BIGINT REFERENCES division (id),
    sort          BIGINT NOT NULL,
    boundary      TEXT,
    boundary_note TEXT   NOT NULL DEFAULT '',
    retired_at    BIGINT,
    edit          BIGINT NOT NULL DEFAULT 1,
    changed_at    BIGINT NOT NULL
);
CREATE INDEX division_parent ON division (parent_id, sort);

CREATE TABLE division_closure (
    ancestor_id   BIGINT NOT NULL REFERENCES division (id),
    descendant_id BIGINT NOT NULL REFERENCES division (id),
    depth         BIGINT NOT NULL,
    PRIMARY KEY (ancestor_id, descendant_id)
) /*clustered*/;
CREATE INDEX division_closure_up ON division_closure (descendant_id, ancestor_id);

CREATE TABLE organisation (
    id          TEXT   PRIMARY KEY,
    name_zh     TEXT   NOT NULL,
    name_en     TEXT   NOT NULL,
    kind        TEXT   NOT NULL CHECK (kind IN ('bureau', 'office', 'unit', 'government', 'other')),
    division_id BIGINT NOT NULL REFERENCES division (id),
    parent_id   TEXT   REFERENCES organisation (id),
    sort        BIGINT NOT NULL,
    retired_at  BIGINT,
    edit        BIGINT NOT NULL DEFAULT 1,
    changed_at  BIGINT NOT NULL
);
CREATE INDEX organisation_division ON organisation (division_id, sort, id);

CREATE TABLE person (
    id              TEXT   PRIMARY KEY,
    name            TEXT   NOT NULL,
    phone           TEXT   NOT NULL DEFAULT '',
    organisation_id TEXT   NOT NULL REFERENCES organisation (id),
    retired_at      BIGINT,
    edit            BIGINT NOT NULL DEFAULT 1,
    changed_at      BIGINT NOT NULL
);
CREATE INDEX person_organisation ON person (organisation_id, name, id);
CREATE INDEX person_name ON person (name, id);

CREATE TABLE post (
    id              TEXT   PRIMARY KEY,
    organisation_id TEXT   NOT NULL REFERENCES organisation (id),
    title_zh        TEXT   NOT NULL,
    title_en        TEXT   NOT NULL,
    line            TEXT   NOT NULL DEFAULT '*',
    sort            BIGINT NOT NULL,
    retired_at      BIGINT,
    edit            BIGINT NOT NULL DEFAULT 1,
    changed_at      BIGINT NOT NULL
);
CREATE INDEX post_organisation ON post (organisation_id, sort, id);

CREATE TABLE post_holder (
    post_id    TEXT   NOT NULL REFERENCES post (id),
    person_id  TEXT   NOT NULL REFERENCES person (id),
    since      BIGINT NOT NULL,
    until      BIGINT,
    PRIMARY KEY (post_id, person_id, since)
);
CREATE INDEX post_holder_person ON post_holder (person_id);

-- identity ---------------------------------------------------------------
CREATE TABLE account (
    id                  TEXT   PRIMARY KEY,
    login               TEXT   NOT NULL UNIQUE,
    name                TEXT   NOT NULL,
    person_id           TEXT   REFERENCES person (id),
    division_id         BIGINT NOT NULL REFERENCES division (id),
    password_hash       TEXT   NOT NULL,
    password_changed_at BIGINT NOT NULL,
    must_change         BIGINT NOT NULL DEFAULT 0,
    failed_count        BIGINT NOT NULL DEFAULT 0,
    locked_until        BIGINT,
    disabled_at         BIGINT,
    created_at          BIGINT NOT NULL,
    seen_at             BIGINT
);
CREATE INDEX account_division ON account (division_id, login);

CREATE TABLE role_grant (
    id          TEXT   PRIMARY KEY,
    account_id  TEXT   NOT NULL REFERENCES account (id),
    role        TEXT   NOT NULL,
    line        TEXT   NOT NULL,
    division_id BIGINT NOT NULL REFERENCES division (id),
    granted_by  TEXT   NOT NULL,
    granted_at  BIGINT NOT NULL,
    UNIQUE (account_id, role, line, division_id)
);

CREATE TABLE session (
    token_hash TEXT   PRIMARY KEY,
    id         TEXT   NOT NULL UNIQUE,
    account_id TEXT   NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address    TEXT   NOT NULL,
    agent      TEXT   NOT NULL
);
CREATE INDEX session_account ON session (account_id, seen_at);

CREATE TABLE api_token (
    id           TEXT   PRIMARY KEY,
    token_hash   TEXT   NOT NULL UNIQUE,
    account_id   TEXT   NOT NULL REFERENCES account (id),
    name         TEXT   NOT NULL,
    permissions  TEXT   NOT NULL,
    line         TEXT   NOT NULL,
    division_id  BIGINT NOT NULL REFERENCES division (id),
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    used_at      BIGINT,
    revoked_at   BIGINT
);
CREATE INDEX api_token_account ON api_token (account_id, created_at);

CREATE TABLE audit_head (id BIGINT PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

CREATE TABLE audit_entry (
    seq         BIGINT PRIMARY KEY,
    at          BIGINT NOT NULL,
    actor_id    TEXT   NOT NULL,
    actor_name  TEXT   NOT NULL,
    action      TEXT   NOT NULL,
    object_kind TEXT   NOT NULL,
    object_id   TEXT   NOT NULL,
    division_id BIGINT,
    detail      TEXT   NOT NULL,
    previous    TEXT   NOT NULL,
    hash        TEXT   NOT NULL
);
CREATE INDEX audit_entry_object ON audit_entry (object_kind, object_id, seq);
CREATE INDEX audit_entry_division ON audit_entry (division_id, seq);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, seq);
