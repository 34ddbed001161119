-- +goose Up
-- What a station is, beside its row of water_object: its class (SL 323 STTP), the datum of its levels, the works or river it stands
-- for, and what its rain is made of. edit counts the changes.
CREATE TABLE station (
    object_id   BIGINT PRIMARY KEY REFERENCES water_object (id),
    class       TEXT   NOT NULL,
    datum       TEXT   NOT NULL DEFAULT '',
    subject_id  BIGINT REFERENCES water_object (id),
    rain_basis  TEXT   NOT NULL DEFAULT 'auto' CHECK (rain_basis IN ('auto', 'interval', 'counter')),
    edit        BIGINT NOT NULL DEFAULT 1,
    changed_at  BIGINT NOT NULL
);
CREATE INDEX station_subject ON station (subject_id);

CREATE TABLE station_quantity (
    object_id BIGINT NOT NULL REFERENCES station (object_id),
    quantity  BIGINT NOT NULL,
    PRIMARY KEY (object_id, quantity)
) /*clustered*/;

-- Where readings came from: a gateway, a file, a person, or a reckoning of this program.
CREATE TABLE observation_source (
    id   BIGINT PRIMARY KEY,
    kind TEXT   NOT NULL CHECK (kind IN ('gauge', 'import', 'person', 'derived')),
    name TEXT   NOT NULL,
    UNIQUE (kind, name)
);

-- Readings that are not sealed yet. The key begins with the time, so that what arrives together lies together; figures are in
-- millionths of the quantity's unit, NULL where the station says that it has none.
CREATE TABLE observation (
    quantity  BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    object_id BIGINT NOT NULL,
    value_e6  BIGINT,
    span_s    BIGINT NOT NULL,
    flags     BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    PRIMARY KEY (quantity, at, object_id)
) /*clustered*/;

-- The newest reading of each series, and what the checks remember: the last figure that counts, and since when it is the same.
CREATE TABLE observation_latest (
    object_id  BIGINT NOT NULL,
    quantity   BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    value_e6   BIGINT,
    span_s     BIGINT NOT NULL,
    flags      BIGINT NOT NULL,
    source_id  BIGINT NOT NULL,
    good_at    BIGINT,
    good_e6    BIGINT,
    steady_at  BIGINT,
    PRIMARY KEY (object_id, quantity)
) /*clustered*/;

-- Sealed readings of one hydrological day (day is its 08:00), packed, with what they come to.
CREATE TABLE observation_chunk (
    quantity  BIGINT NOT NULL,
    object_id BIGINT NOT NULL,
    day       BIGINT NOT NULL,
    n         BIGINT NOT NULL,
    counted   BIGINT NOT NULL,
    doubted   BIGINT NOT NULL,
    sum_e6    BIGINT NOT NULL,
    covered_s BIGINT NOT NULL,
    least_e6  BIGINT,
    least_at  BIGINT,
    most_e6   BIGINT,
    most_at   BIGINT,
    body      BYTEA  NOT NULL,
    PRIMARY KEY (quantity, object_id, day)
) /*clustered*/;

-- What totals stamped in an hour come to (hour is its end); kept for the windows of some days only. since is the hour's begin for
-- those whose spans lie in it; a span that begins before has a row of its own, so that a window can leave it out.
CREATE TABLE observation_hour (
    quantity  BIGINT NOT NULL,
    hour      BIGINT NOT NULL,
    object_id BIGINT NOT NULL,
    since     BIGINT NOT NULL,
    sum_e6    BIGINT NOT NULL,
    covered_s BIGINT NOT NULL,
    doubted   BIGINT NOT NULL,
    PRIMARY KEY (quantity, hour, object_id, since)
) /*clustered*/;

-- Up to when readings are sealed, by bucket of objects, so that sealing holds up nobody for long. At or before that instant a
-- reading lies in a chunk, after it in observation, and never in both.
CREATE TABLE observation_horizon (
    bucket    BIGINT PRIMARY KEY,
    sealed_at BIGINT NOT NULL,
    edit      BIGINT NOT NULL
);
INSERT INTO observation_horizon (bucket, sealed_at, edit) VALUES
    (0, -62135596800000, 0), (1, -62135596800000, 0), (2, -62135596800000, 0), (3, -62135596800000, 0),
    (4, -62135596800000, 0), (5, -62135596800000, 0), (6, -62135596800000, 0), (7, -62135596800000, 0),
    (8, -62135596800000, 0), (9, -62135596800000, 0), (10, -62135596800000, 0), (11, -62135596800000, 0),
    (12, -62135596800000, 0), (13, -62135596800000, 0), (14, -62135596800000, 0), (15, -62135596800000, 0);

-- Every version of a reading that has more than one: the first is number 1, the one in force the highest that was taken.
CREATE TABLE observation_revision (
    quantity  BIGINT NOT NULL,
    object_id BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    seq       BIGINT NOT NULL,
    value_e6  BIGINT,
    span_s    BIGINT NOT NULL,
    flags     BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    made_at   BIGINT NOT NULL,
    by_id     TEXT   NOT NULL,
    by_name   TEXT   NOT NULL,
    reason    TEXT   NOT NULL,
    taken     BIGINT NOT NULL,
    PRIMARY KEY (quantity, object_id, at, seq)
) /*clustered*/;
CREATE INDEX observation_revision_made ON observation_revision (made_at);

-- Limits of the checks where they are not the defaults: of a quantity everywhere (object_id 0) or at one station, as JSON.
CREATE TABLE observation_limit (
    object_id  BIGINT NOT NULL,
    quantity   BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (object_id, quantity)
) /*clustered*/;

-- Thresholds (警戒, 保证, 汛限, rain in a window, silence), and the events that come of them: one live event for an object and kind.
CREATE TABLE threshold (
    id         BIGINT PRIMARY KEY,
    object_id  BIGINT NOT NULL REFERENCES water_object (id),
    kind       TEXT   NOT NULL,
    quantity   BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    retired_at BIGINT,
    edit       BIGINT NOT NULL DEFAULT 1,
    changed_at BIGINT NOT NULL
);
CREATE INDEX threshold_object ON threshold (object_id, quantity);

CREATE TABLE exceedance (
    id           BIGINT PRIMARY KEY,
    object_id    BIGINT NOT NULL REFERENCES water_object (id),
    kind         TEXT   NOT NULL,
    quantity     BIGINT NOT NULL,
    threshold_id BIGINT NOT NULL REFERENCES threshold (id),
    limit_e6     BIGINT,
    onset_at     BIGINT NOT NULL,
    onset_e6     BIGINT,
    peak_at      BIGINT NOT NULL,
    peak_e6      BIGINT,
    last_at      BIGINT NOT NULL,
    last_e6      BIGINT,
    clear_at     BIGINT,
    clear_e6     BIGINT,
    closed       TEXT   NOT NULL DEFAULT '',
    live         BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX exceedance_live ON exceedance (object_id, kind) WHERE live = 1;
CREATE INDEX exceedance_onset ON exceedance (onset_at, id);
CREATE INDEX exceedance_object ON exceedance (object_id, onset_at);
