-- +goose Up
-- When a field station was first heard: nothing was due before. 0 where that was before anybody wrote it down.
ALTER TABLE telemetry_health ADD COLUMN first_at BIGINT NOT NULL DEFAULT 0;
