-- +goose Up
CREATE TABLE pack (
    id        TEXT   NOT NULL,
    version   BIGINT NOT NULL,
    source    TEXT   NOT NULL,
    checksum  TEXT   NOT NULL,
    loaded_at BIGINT NOT NULL,
    loaded_by TEXT   NOT NULL,
    PRIMARY KEY (id, version)
);

-- A small number stands for an indicator in the large tables.
CREATE TABLE indicator (id BIGINT PRIMARY KEY, code TEXT NOT NULL UNIQUE);

-- A target's amount for a year and division. Setting it again supersedes the row, which stays for figures as of a past date.
CREATE TABLE target (
    target        TEXT   NOT NULL,
    year          BIGINT NOT NULL,
    division_id   BIGINT NOT NULL REFERENCES division (id),
    revision      BIGINT NOT NULL,
    amount_e6     BIGINT,
    curve         TEXT   NOT NULL DEFAULT '',
    document      TEXT   NOT NULL DEFAULT '',
    note          TEXT   NOT NULL DEFAULT '',
    set_at        BIGINT NOT NULL,
    set_by        TEXT   NOT NULL,
    superseded_at BIGINT,
    PRIMARY KEY (year, target, division_id, revision)
) /*clustered*/;

-- One row per version of a return; a correction is a new version beside the locked one.
CREATE TABLE filing (
    id           BIGINT PRIMARY KEY,
    form         TEXT   NOT NULL,
    division_id  BIGINT NOT NULL REFERENCES division (id),
    period       BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    edit         BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    opened_at    BIGINT NOT NULL,
    opened_by    TEXT   NOT NULL,
    changed_at   BIGINT NOT NULL,
    changed_by   TEXT   NOT NULL,
    submitted_at BIGINT,
    submitted_by TEXT   NOT NULL DEFAULT '',
    submitter_id TEXT   NOT NULL DEFAULT '',
    reason       TEXT   NOT NULL DEFAULT '',
    UNIQUE (form, period, division_id, version)
);
CREATE INDEX filing_state ON filing (state, period, division_id);
CREATE INDEX filing_division ON filing (division_id, period, form);

CREATE TABLE filing_line (
    filing_id    BIGINT NOT NULL REFERENCES filing (id),
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    value_e6     BIGINT,
    base_e6      BIGINT,
    blank        TEXT   NOT NULL DEFAULT '',
    note         TEXT   NOT NULL DEFAULT '',
    source       TEXT   NOT NULL DEFAULT '',
    changed_at   BIGINT NOT NULL,
    changed_by   TEXT   NOT NULL,
    PRIMARY KEY (filing_id, indicator_id)
) /*clustered*/;

CREATE TABLE filing_event (
    filing_id  BIGINT NOT NULL REFERENCES filing (id),
    seq        BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    actor_id   TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    move       TEXT   NOT NULL,
    from_state TEXT   NOT NULL,
    to_state   TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    PRIMARY KEY (filing_id, seq)
) /*clustered*/;

-- The figure in force, keyed so that one indicator's month over all divisions lies together.
-- value_e6 is the value, or the numerator where base_e6 holds a denominator. Without accepted_at it is provisional (待审).
CREATE TABLE figure (
    indicator_id BIGINT NOT NULL,
    period       BIGINT NOT NULL,
    division_id  BIGINT NOT NULL,
    value_e6     BIGINT,
    base_e6      BIGINT,
    revision     BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    accepted_at  BIGINT,
    PRIMARY KEY (indicator_id, period, division_id)
) /*clustered*/;

-- Figures that were replaced or withdrawn, with the instants between which they were in force.
CREATE TABLE figure_past (
    indicator_id  BIGINT NOT NULL,
    period        BIGINT NOT NULL,
    division_id   BIGINT NOT NULL,
    revision      BIGINT NOT NULL,
    value_e6      BIGINT,
    base_e6       BIGINT,
    recorded_at   BIGINT NOT NULL,
    accepted_at   BIGINT,
    superseded_at BIGINT NOT NULL,
    PRIMARY KEY (indicator_id, period, division_id, revision)
) /*clustered*/;

-- Sums over the children of a division, kept in the transaction that changes a child.
CREATE TABLE rollup (
    indicator_id BIGINT NOT NULL,
    period       BIGINT NOT NULL,
    division_id  BIGINT NOT NULL,
    value_e6     BIGINT,
    base_e6      BIGINT,
    reported     BIGINT NOT NULL,
    blank        BIGINT NOT NULL,
    provisional  BIGINT NOT NULL,
    PRIMARY KEY (indicator_id, period, division_id)
) /*clustered*/;

-- How often the figures of a month, or the targets of a year, have changed: what was read at a count is good while it stands.
CREATE TABLE change_count (
    topic TEXT   NOT NULL,
    part  BIGINT NOT NULL,
    n     BIGINT NOT NULL,
    PRIMARY KEY (topic, part)
) /*clustered*/;

CREATE TABLE reminder (
    id          TEXT   PRIMARY KEY,
    form        TEXT   NOT NULL,
    period      BIGINT NOT NULL,
    division_id BIGINT NOT NULL REFERENCES division (id),
    at          BIGINT NOT NULL,
    by_id       TEXT   NOT NULL,
    by_name     TEXT   NOT NULL,
    channel     TEXT   NOT NULL,
    text        TEXT   NOT NULL
);
CREATE INDEX reminder_filing ON reminder (form, period, division_id, at);

CREATE TABLE import (
    id           TEXT   PRIMARY KEY,
    at           BIGINT NOT NULL,
    by_id        TEXT   NOT NULL,
    by_name      TEXT   NOT NULL,
    division_id  BIGINT NOT NULL REFERENCES division (id),
    file_name    TEXT   NOT NULL,
    sha256       TEXT   NOT NULL,
    content      BYTEA  NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('preview', 'done', 'dropped')),
    mapping      TEXT   NOT NULL DEFAULT '',
    taken        BIGINT NOT NULL DEFAULT 0,
    refused      BIGINT NOT NULL DEFAULT 0,
    ignored      BIGINT NOT NULL DEFAULT 0,
    done_at      BIGINT
);
CREATE INDEX import_at ON import (at, id);

CREATE TABLE import_row (
    import_id TEXT   NOT NULL REFERENCES import (id),
    seq       BIGINT NOT NULL,
    sheet     TEXT   NOT NULL,
    row       BIGINT NOT NULL,
    cell      TEXT   NOT NULL,
    outcome   TEXT   NOT NULL CHECK (outcome IN ('taken', 'refused', 'ignored', 'notice')),
    reason_zh TEXT   NOT NULL,
    reason_en TEXT   NOT NULL,
    content   TEXT   NOT NULL,
    PRIMARY KEY (import_id, seq)
) /*clustered*/;

CREATE TABLE import_mapping (
    sender       TEXT   NOT NULL,
    signature    TEXT   NOT NULL,
    mapping      TEXT   NOT NULL,
    confirmed_at BIGINT NOT NULL,
    confirmed_by TEXT   NOT NULL,
    PRIMARY KEY (sender, signature)
);
