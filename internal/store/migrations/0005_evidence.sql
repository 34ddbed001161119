-- +goose Up
-- One row per content; the bytes lie in the evidence folder under their SHA-256. What a matter makes of a file is in its own tables.
-- taken_* and exif_* repeat what the camera wrote into the file; nobody vouches for it.
CREATE TABLE evidence_file (
    hash        TEXT   PRIMARY KEY,
    size        BIGINT NOT NULL,
    media       TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    width       BIGINT,
    height      BIGINT,
    taken_at    BIGINT,
    taken_zone  TEXT   NOT NULL DEFAULT '',
    exif_lon_e7 BIGINT,
    exif_lat_e7 BIGINT,
    exif_camera TEXT   NOT NULL DEFAULT '',
    by_id       TEXT   NOT NULL,
    by_name     TEXT   NOT NULL,
    at          BIGINT NOT NULL
);

-- Who has put a content in: knowing its hash from somewhere is not having it.
CREATE TABLE evidence_put (
    hash    TEXT   NOT NULL REFERENCES evidence_file (hash),
    by_id   TEXT   NOT NULL,
    by_name TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (hash, by_id)
) /*clustered*/;
