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
