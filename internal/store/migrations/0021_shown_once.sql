-- +goose Up
-- The place of a file in the history of its matter: what came before the work was assigned, or was looked at already, shows no work since.
ALTER TABLE matter_evidence ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE matter_evidence SET seq = COALESCE((SELECT MAX(e.seq) FROM matter_event e
    WHERE e.matter_id = matter_evidence.matter_id AND e.move = 'attach' AND e.at = matter_evidence.at), 0);
-- The sender's own id: a meeting that is sent twice is kept once.
ALTER TABLE meeting ADD COLUMN client_id TEXT;
CREATE UNIQUE INDEX meeting_client ON meeting (client_id);
