-- +goose Up
-- How kinds of bulletins are written, each version as it was handed in.
CREATE TABLE bulletin_template (
    id        TEXT   NOT NULL,
    version   BIGINT NOT NULL,
    source    TEXT   NOT NULL,
    loaded_at BIGINT NOT NULL,
    loaded_by TEXT   NOT NULL,
    PRIMARY KEY (id, version)
);

-- The frozen figures of bulletins by the SHA-256 of their bytes; body is those bytes, deflated. A row never changes.
CREATE TABLE bulletin_snapshot (
    hash    TEXT   PRIMARY KEY,
    body    BYTEA  NOT NULL,
    made_at BIGINT NOT NULL
);

-- Bulletins. scope_id is whom it is about, keeper_id whose office makes it; corrects is the bulletin that it puts right. body is the text
-- as it stands, in JSON; edit counts the changes. The number is taken at issue and then never given again.
CREATE TABLE bulletin (
    id               BIGINT PRIMARY KEY,
    edit             BIGINT NOT NULL,
    kind             TEXT   NOT NULL,
    template_version BIGINT NOT NULL,
    line             TEXT   NOT NULL DEFAULT '',
    title            TEXT   NOT NULL,
    scope_id         BIGINT NOT NULL REFERENCES division (id),
    keeper_id        BIGINT NOT NULL REFERENCES division (id),
    period           TEXT   NOT NULL,
    state            TEXT   NOT NULL,
    corrects         BIGINT REFERENCES bulletin (id),
    snapshot_hash    TEXT   NOT NULL REFERENCES bulletin_snapshot (hash),
    body             TEXT   NOT NULL,
    office_zh        TEXT   NOT NULL,
    office_en        TEXT   NOT NULL,
    number_letters   TEXT,
    number_year      BIGINT,
    number_serial    BIGINT,
    issued_on        BIGINT,
    drafter_id       TEXT   NOT NULL,
    drafter_name     TEXT   NOT NULL,
    drafted_at       BIGINT NOT NULL,
    submitted_at     BIGINT,
    approver_id      TEXT   NOT NULL DEFAULT '',
    approver_name    TEXT   NOT NULL DEFAULT '',
    approved_at      BIGINT,
    issuer_name      TEXT   NOT NULL DEFAULT '',
    issued_at        BIGINT,
    changed_at       BIGINT NOT NULL,
    search           TEXT   NOT NULL,
    UNIQUE (keeper_id, number_letters, number_year, number_serial)
);
CREATE INDEX bulletin_period ON bulletin (period, id);
CREATE INDEX bulletin_kind ON bulletin (kind, period, scope_id);
CREATE INDEX bulletin_corrects ON bulletin (corrects);

CREATE TABLE bulletin_event (
    bulletin_id BIGINT NOT NULL REFERENCES bulletin (id),
    seq         BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    actor_id    TEXT   NOT NULL,
    actor_name  TEXT   NOT NULL,
    move        TEXT   NOT NULL,
    from_state  TEXT   NOT NULL,
    to_state    TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    PRIMARY KEY (bulletin_id, seq)
) /*clustered*/;

-- Who gets a bulletin, and who there has read it. organisation_id is '' where the division as such is meant.
CREATE TABLE bulletin_recipient (
    bulletin_id     BIGINT NOT NULL REFERENCES bulletin (id),
    division_id     BIGINT NOT NULL REFERENCES division (id),
    organisation_id TEXT   NOT NULL,
    sort            BIGINT NOT NULL,
    name_zh         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    read_at         BIGINT,
    read_by_id      TEXT   NOT NULL DEFAULT '',
    read_by_name    TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (bulletin_id, division_id, organisation_id)
) /*clustered*/;
CREATE INDEX bulletin_recipient_division ON bulletin_recipient (division_id, bulletin_id);

-- Files of issued bulletins as they were first made (归档), by the SHA-256 of their bytes.
CREATE TABLE bulletin_file (
    bulletin_id BIGINT NOT NULL REFERENCES bulletin (id),
    form        TEXT   NOT NULL,
    hash        TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    content     BYTEA  NOT NULL,
    made_at     BIGINT NOT NULL,
    PRIMARY KEY (bulletin_id, form)
);
