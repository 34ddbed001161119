-- +goose Up
-- The sender's own id of a team, so that one sent twice is one; teams made before have none.
ALTER TABLE inspection_team ADD COLUMN client_id TEXT;
CREATE UNIQUE INDEX inspection_team_client ON inspection_team (client_id);

-- What was on a plan that has ended and was not begun by then, as the server knew. A telephone without a signal may have begun it in time; what
-- it sends later takes the inspection up again.
CREATE TABLE inspection_unvisited (
    inspection_id BIGINT PRIMARY KEY,
    client_id     TEXT   NOT NULL,
    plan_id       BIGINT NOT NULL REFERENCES inspection_plan (id),
    team_id       TEXT   REFERENCES inspection_team (id),
    object_id     BIGINT NOT NULL REFERENCES water_object (id),
    division_id   BIGINT NOT NULL REFERENCES division (id),
    inspectors    TEXT   NOT NULL
);
