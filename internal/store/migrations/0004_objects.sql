-- +goose Up
-- What a bureau answers for, from a reservoir to an old well. Figures are in millionths of the unit in their name, dates the number
-- YYYYMMDD, places ten-millionths of a degree in CGCS2000. What nobody has told is NULL, never zero; ext keeps columns of an
-- imported table that no other column holds.
CREATE TABLE water_object (
    id                     BIGINT PRIMARY KEY,
    scheme                 TEXT   NOT NULL,
    code                   TEXT   NOT NULL,
    kind                   TEXT   NOT NULL,
    name_zh                TEXT   NOT NULL,
    name_en                TEXT   NOT NULL DEFAULT '',
    division_id            BIGINT NOT NULL REFERENCES division (id),
    organisation_id        TEXT   REFERENCES organisation (id),
    river_name             TEXT   NOT NULL DEFAULT '',
    lon_e7                 BIGINT,
    lat_e7                 BIGINT,
    scale                  TEXT   NOT NULL DEFAULT '',
    storage_wan_m3_e6      BIGINT,
    dam_height_m_e6        BIGINT,
    installed_kw_e6        BIGINT,
    population_e6          BIGINT,
    supply_m3_day_e6       BIGINT,
    length_m_e6            BIGINT,
    commissioned_on        BIGINT,
    impounded_on           BIGINT,
    appraised_on           BIGINT,
    appraisal_class        BIGINT,
    appraisal_period_years BIGINT,
    reinforced_on          BIGINT,
    affects_county_town    BIGINT,
    hydro_disposition      TEXT,
    charging               TEXT,
    ext                    TEXT   NOT NULL DEFAULT '{}',
    retired_at             BIGINT,
    edit                   BIGINT NOT NULL DEFAULT 1,
    changed_at             BIGINT NOT NULL,
    UNIQUE (scheme, code)
);
CREATE INDEX water_object_division ON water_object (division_id, kind, id);
CREATE INDEX water_object_kind ON water_object (kind, scale, id);
CREATE INDEX water_object_name ON water_object (name_zh, id);
CREATE INDEX water_object_organisation ON water_object (organisation_id);

-- Who answers for an object in which role. A row ends and is never deleted; one that stands names a person once.
CREATE TABLE object_duty (
    id                BIGINT PRIMARY KEY,
    object_id         BIGINT NOT NULL REFERENCES water_object (id),
    role              TEXT   NOT NULL,
    person_id         TEXT   NOT NULL REFERENCES person (id),
    since             BIGINT NOT NULL,
    until             BIGINT,
    phone_verified_at BIGINT,
    trained_at        BIGINT
);
CREATE INDEX object_duty_object ON object_duty (object_id, role, since);
CREATE INDEX object_duty_person ON object_duty (person_id, until);
CREATE UNIQUE INDEX object_duty_stands ON object_duty (object_id, role, person_id) WHERE until IS NULL;
