-- +goose Up
-- A step that an approval confirms counts from approved_at on; NULL is one that awaits it. What was written before counts as it did.
ALTER TABLE project_step ADD COLUMN approved_at BIGINT;
ALTER TABLE project_step ADD COLUMN approved_by TEXT NOT NULL DEFAULT '';
UPDATE project_step SET approved_at = written_at;

-- When a part and a list were put on record; 0 is of before this was kept.
ALTER TABLE project_part ADD COLUMN made_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE project_list ADD COLUMN made_at BIGINT NOT NULL DEFAULT 0;

-- What a record was before each change, as JSON, and until when: a report of a past day is made of what was known then. what is
-- project, part or schedule (of a part).
CREATE TABLE project_past (
    what     TEXT   NOT NULL,
    owner_id BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    was      TEXT   NOT NULL,
    PRIMARY KEY (what, owner_id, id)
) /*clustered*/;

-- How each project stands, as judged by the rules: once for each division, county or above, in which anything of it lies, by the parts
-- that lie there. It is made anew where a project, the rules or the month changed (mark), and read to filter, order and count. Stages are
-- places in the order of the rules, -1 for none; stages_in lists those of its leaves between bars; year is twelve months of figures.
CREATE TABLE project_standing (
    project_id   BIGINT NOT NULL REFERENCES project (id),
    scope_id     BIGINT NOT NULL REFERENCES division (id),
    mark         TEXT   NOT NULL,
    city_id      BIGINT NOT NULL,
    pace         TEXT   NOT NULL,
    worst        BIGINT NOT NULL,
    gap          BIGINT,
    slowest      BIGINT NOT NULL,
    furthest     BIGINT NOT NULL,
    stages_in    TEXT   NOT NULL,
    parts        BIGINT NOT NULL,
    building     BIGINT NOT NULL,
    commissioned BIGINT NOT NULL,
    ended        BIGINT NOT NULL,
    awaits       BIGINT NOT NULL,
    uncounted    BIGINT NOT NULL,
    partial      BIGINT NOT NULL,
    share        BIGINT,
    spent        BIGINT,
    plan         BIGINT,
    done         BIGINT,
    own          BIGINT,
    own_plan     BIGINT,
    own_done     BIGINT,
    has_own      BIGINT NOT NULL,
    counted      BIGINT NOT NULL,
    year         TEXT   NOT NULL,
    words        TEXT   NOT NULL,
    PRIMARY KEY (project_id, scope_id)
) /*clustered*/;
CREATE INDEX project_standing_worst ON project_standing (scope_id, worst, gap);
