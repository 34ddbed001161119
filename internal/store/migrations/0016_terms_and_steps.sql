-- +goose Up
-- By when a finding had first to be confirmed and given to somebody, and when it first was: before that it has no other deadline.
ALTER TABLE matter ADD COLUMN confirm_due_at BIGINT;
ALTER TABLE matter ADD COLUMN assigned_at BIGINT;
UPDATE matter SET assigned_at = (SELECT MIN(e.at) FROM matter_event e WHERE e.matter_id = matter.id AND e.to_state = 'assigned');
UPDATE matter SET confirm_due_at = due_at WHERE original_due_at IS NULL AND kind IN ('finding', 'hazard') AND state IN ('found', 'confirmed');
-- What needs no confirming has its deadline from the first day on.
UPDATE matter SET original_due_at = due_at WHERE original_due_at IS NULL AND kind NOT IN ('finding', 'hazard') AND state = 'confirmed';
-- A step of the ladder that asks for no reply, and the points that one takes off.
ALTER TABLE escalation ADD COLUMN asks BIGINT NOT NULL DEFAULT 1;
ALTER TABLE escalation ADD COLUMN points BIGINT;
