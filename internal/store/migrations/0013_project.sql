-- +goose Up
-- Major water projects. Money is in millionths of 万元, progress in millionths of a percent, days are the number YYYYMMDD, months
-- YYYYMM. division_id of a project is who keeps it: a county, or the city where it lies in several. assessed says that the province
-- assesses it. stats_id is its number in the statistics library, '' for none.
CREATE TABLE project (
    id           BIGINT PRIMARY KEY,
    edit         BIGINT NOT NULL,
    code         TEXT   NOT NULL UNIQUE,
    name_zh      TEXT   NOT NULL,
    name_en      TEXT   NOT NULL DEFAULT '',
    kind         TEXT   NOT NULL,
    division_id  BIGINT NOT NULL REFERENCES division (id),
    legal_person TEXT   NOT NULL DEFAULT '',
    total        BIGINT,
    assessed     BIGINT NOT NULL DEFAULT 0,
    stats_id     TEXT   NOT NULL DEFAULT '',
    library      TEXT   NOT NULL DEFAULT '',
    note         TEXT   NOT NULL DEFAULT '',
    withdrawn_at BIGINT,
    made_at      BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL
);
CREATE INDEX project_division ON project (division_id, id);
CREATE TABLE project_programme (
    project_id BIGINT NOT NULL REFERENCES project (id),
    programme  TEXT   NOT NULL,
    PRIMARY KEY (project_id, programme)
) /*clustered*/;

-- A phase, section, lot, works or contract, or the whole: the one part without parent. Each lies in one division. shape is JSON: a
-- point or a line in WGS84 degrees.
CREATE TABLE project_part (
    id           BIGINT PRIMARY KEY,
    edit         BIGINT NOT NULL,
    project_id   BIGINT NOT NULL REFERENCES project (id),
    parent_id    BIGINT REFERENCES project_part (id),
    kind         TEXT   NOT NULL,
    code         TEXT   NOT NULL,
    name_zh      TEXT   NOT NULL,
    name_en      TEXT   NOT NULL DEFAULT '',
    division_id  BIGINT NOT NULL REFERENCES division (id),
    total        BIGINT,
    contractor   TEXT   NOT NULL DEFAULT '',
    shape        TEXT,
    sort         BIGINT NOT NULL DEFAULT 0,
    note         TEXT   NOT NULL DEFAULT '',
    withdrawn_at BIGINT,
    changed_at   BIGINT NOT NULL,
    UNIQUE (project_id, code)
);
CREATE INDEX project_part_division ON project_part (division_id, project_id);

-- A milestone is written once; one that was wrong is undone with a reason and stays.
CREATE TABLE project_step (
    id         BIGINT PRIMARY KEY,
    client_id  TEXT   NOT NULL UNIQUE,
    part_id    BIGINT NOT NULL REFERENCES project_part (id),
    milestone  TEXT   NOT NULL,
    on_day     BIGINT NOT NULL,
    amount     BIGINT,
    document   TEXT   NOT NULL DEFAULT '',
    note       TEXT   NOT NULL DEFAULT '',
    by_id      TEXT   NOT NULL,
    by_name    TEXT   NOT NULL,
    written_at BIGINT NOT NULL,
    undone_at  BIGINT,
    undone_by  TEXT   NOT NULL DEFAULT '',
    undone_why TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX project_step_part ON project_step (part_id, on_day, id);

-- When a part is to reach a milestone; first_on is what was planned at first.
CREATE TABLE project_schedule (
    part_id    BIGINT NOT NULL REFERENCES project_part (id),
    milestone  TEXT   NOT NULL,
    planned_on BIGINT NOT NULL,
    first_on   BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (part_id, milestone)
) /*clustered*/;

-- Monthly figures as they stand (what: plan, actual, planned_progress, progress), and every revision of them.
CREATE TABLE project_figure (
    part_id  BIGINT NOT NULL REFERENCES project_part (id),
    month    BIGINT NOT NULL,
    what     TEXT   NOT NULL,
    value    BIGINT,
    revision BIGINT NOT NULL,
    PRIMARY KEY (part_id, month, what)
) /*clustered*/;
CREATE TABLE project_figure_revision (
    id       BIGINT PRIMARY KEY,
    part_id  BIGINT NOT NULL REFERENCES project_part (id),
    month    BIGINT NOT NULL,
    what     TEXT   NOT NULL,
    revision BIGINT NOT NULL,
    value    BIGINT,
    note     TEXT   NOT NULL DEFAULT '',
    source   TEXT   NOT NULL,
    by_id    TEXT   NOT NULL,
    by_name  TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    UNIQUE (part_id, month, what, revision)
);

-- Money of a source on its way: planned, assigned, arrived, allocated, paid. What was wrong is voided with a reason and stays.
CREATE TABLE project_fund (
    id         BIGINT PRIMARY KEY,
    client_id  TEXT   NOT NULL UNIQUE,
    part_id    BIGINT NOT NULL REFERENCES project_part (id),
    source     TEXT   NOT NULL,
    step       TEXT   NOT NULL,
    on_day     BIGINT NOT NULL,
    amount     BIGINT NOT NULL,
    document   TEXT   NOT NULL DEFAULT '',
    note       TEXT   NOT NULL DEFAULT '',
    by_id      TEXT   NOT NULL,
    by_name    TEXT   NOT NULL,
    written_at BIGINT NOT NULL,
    voided_at  BIGINT,
    voided_by  TEXT   NOT NULL DEFAULT '',
    voided_why TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX project_fund_part ON project_fund (part_id, on_day, id);

-- Lists that an authority issued; of kind lagging, a notice that names who lags. A project may stand in many.
CREATE TABLE project_list (
    id           BIGINT PRIMARY KEY,
    edit         BIGINT NOT NULL,
    kind         TEXT   NOT NULL,
    name_zh      TEXT   NOT NULL,
    name_en      TEXT   NOT NULL DEFAULT '',
    issuer       TEXT   NOT NULL,
    level        TEXT   NOT NULL,
    document     TEXT   NOT NULL DEFAULT '',
    issued_on    BIGINT NOT NULL,
    division_id  BIGINT NOT NULL REFERENCES division (id),
    note         TEXT   NOT NULL DEFAULT '',
    withdrawn_at BIGINT,
    changed_at   BIGINT NOT NULL
);
CREATE TABLE project_list_item (
    id         BIGINT PRIMARY KEY,
    list_id    BIGINT NOT NULL REFERENCES project_list (id),
    project_id BIGINT NOT NULL REFERENCES project (id),
    part_id    BIGINT REFERENCES project_part (id),
    note       TEXT   NOT NULL DEFAULT '',
    added_at   BIGINT NOT NULL,
    added_by   TEXT   NOT NULL,
    removed_at BIGINT,
    removed_by TEXT   NOT NULL DEFAULT '',
    removed_why TEXT  NOT NULL DEFAULT ''
);
CREATE INDEX project_list_item_list ON project_list_item (list_id, id);
CREATE INDEX project_list_item_project ON project_list_item (project_id, id);

-- How far a county is with a plan document (一县一方案); the last step that stands says.
CREATE TABLE project_plan_step (
    id          BIGINT PRIMARY KEY,
    client_id   TEXT   NOT NULL UNIQUE,
    plan_id     TEXT   NOT NULL,
    year        BIGINT NOT NULL,
    division_id BIGINT NOT NULL REFERENCES division (id),
    on_day      BIGINT NOT NULL,
    state       TEXT   NOT NULL,
    document    TEXT   NOT NULL DEFAULT '',
    note        TEXT   NOT NULL DEFAULT '',
    by_id       TEXT   NOT NULL,
    by_name     TEXT   NOT NULL,
    written_at  BIGINT NOT NULL,
    undone_at   BIGINT,
    undone_by   TEXT   NOT NULL DEFAULT '',
    undone_why  TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX project_plan_step_plan ON project_plan_step (plan_id, year, division_id, on_day, id);

-- Files that speak for a step, an amount of money, a revision of progress or a step of a plan; what says which.
CREATE TABLE project_file (
    what      TEXT   NOT NULL,
    owner_id  BIGINT NOT NULL,
    file_hash TEXT   NOT NULL REFERENCES evidence_file (hash),
    PRIMARY KEY (what, owner_id, file_hash)
) /*clustered*/;
