-- +goose Up
-- The sender's own id of a team, so that one sent twice is one; teams made before have none.
ALTER TABLE inspection_team ADD COLUMN client_id TEXT;
CREATE UNIQUE INDEX inspection_team_client ON inspection_team (client_id);
