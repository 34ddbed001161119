-- +goose Up
-- What is known of a field station before it speaks (SL 651-2014): whose it is and how it is answered. address is ten hex digits; the
-- password is two bytes as a number, needed as it is to send anything down. edit counts the changes.
CREATE TABLE telemetry_station (
    address      TEXT   PRIMARY KEY,
    object_id    BIGINT NOT NULL REFERENCES water_object (id),
    mode         BIGINT NOT NULL CHECK (mode BETWEEN 1 AND 4),
    stay         BIGINT NOT NULL,
    password     BIGINT NOT NULL,
    any_password BIGINT NOT NULL,
    centre       BIGINT NOT NULL,
    hour_ends    BIGINT NOT NULL,
    edit         BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL
);
CREATE INDEX telemetry_station_object ON telemetry_station (object_id);

-- What an element of its frames means; base_e6 is added to each value, NULL where nothing is.
CREATE TABLE telemetry_element (
    address  TEXT   NOT NULL REFERENCES telemetry_station (address),
    element  BIGINT NOT NULL,
    quantity TEXT   NOT NULL,
    base_e6  BIGINT,
    PRIMARY KEY (address, element)
) /*clustered*/;

-- Frames that were set aside, with zeros for their password. replayed_at is when they were taken after all.
CREATE TABLE telemetry_held (
    id          BIGINT PRIMARY KEY,
    at          BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    detail      TEXT   NOT NULL,
    address     TEXT   NOT NULL,
    function    BIGINT NOT NULL,
    remote      TEXT   NOT NULL,
    raw         BYTEA  NOT NULL,
    replayed_at BIGINT,
    replayed_by TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX telemetry_held_address ON telemetry_held (address, id);
CREATE INDEX telemetry_held_at ON telemetry_held (at);

-- What was asked of stations, by whom, and what became of it. request is JSON.
CREATE TABLE telemetry_downlink (
    id       BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    address  TEXT   NOT NULL,
    function BIGINT NOT NULL,
    request  TEXT   NOT NULL,
    who      TEXT   NOT NULL,
    why      TEXT   NOT NULL,
    state    TEXT   NOT NULL,
    detail   TEXT   NOT NULL DEFAULT '',
    tries    BIGINT NOT NULL DEFAULT 0,
    ended_at BIGINT
);
CREATE INDEX telemetry_downlink_address ON telemetry_downlink (address, id);

-- Pictures and texts of stations; message is the key of the message they came in, so that a resend is kept once.
CREATE TABLE telemetry_paper (
    address     TEXT   NOT NULL,
    received_at BIGINT NOT NULL,
    message     TEXT   NOT NULL,
    object_id   BIGINT NOT NULL,
    sent_at     BIGINT,
    function    BIGINT NOT NULL,
    media       TEXT   NOT NULL,
    body        BYTEA  NOT NULL,
    PRIMARY KEY (address, message)
);
CREATE INDEX telemetry_paper_received ON telemetry_paper (address, received_at);

-- How stations are: their last message, as far as it was written down.
CREATE TABLE telemetry_health (
    address     TEXT   PRIMARY KEY,
    received_at BIGINT NOT NULL,
    sent_at     BIGINT,
    remote      TEXT   NOT NULL,
    messages    BIGINT NOT NULL,
    status      BIGINT,
    unmapped    TEXT   NOT NULL
);
