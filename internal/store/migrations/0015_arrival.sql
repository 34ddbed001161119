-- +goose Up
-- How often a field station is to report by itself, in minutes.
ALTER TABLE telemetry_station ADD COLUMN report_minutes BIGINT NOT NULL DEFAULT 60;

-- How much of what a station is to report came, of the hydrological day that begins at day and of the one before: reports, and the hours in
-- which it was heard, one bit each from 08:00 on.
ALTER TABLE telemetry_health ADD COLUMN day BIGINT NOT NULL DEFAULT 0;
ALTER TABLE telemetry_health ADD COLUMN day_reports BIGINT NOT NULL DEFAULT 0;
ALTER TABLE telemetry_health ADD COLUMN day_hours BIGINT NOT NULL DEFAULT 0;
ALTER TABLE telemetry_health ADD COLUMN before_reports BIGINT NOT NULL DEFAULT 0;
ALTER TABLE telemetry_health ADD COLUMN before_hours BIGINT NOT NULL DEFAULT 0;
