-- +goose Up
-- What was said of an entry beside its steps, from at on: its track, the day it is due, whether it was taken out. It is written once, so that
-- a past day counts as it did. edit is the entry's with which it came to hold.
CREATE TABLE ledger_term (
    entry_id  BIGINT NOT NULL REFERENCES ledger_entry (id),
    edit      BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    track     TEXT   NOT NULL,
    due_on    BIGINT,
    withdrawn BIGINT NOT NULL,
    PRIMARY KEY (entry_id, edit)
) /*clustered*/;

-- Of entries that are there already only the first day and the present are known.
INSERT INTO ledger_term (entry_id, edit, at, track, due_on, withdrawn) SELECT id, 0, listed_at, track, COALESCE(due_first, due_on), 0 FROM ledger_entry;
INSERT INTO ledger_term (entry_id, edit, at, track, due_on, withdrawn)
SELECT id, edit, COALESCE(withdrawn_at, changed_at), track, due_on, CASE WHEN withdrawn_at IS NULL THEN 0 ELSE 1 END
FROM ledger_entry WHERE withdrawn_at IS NOT NULL OR COALESCE(due_on, 0) <> COALESCE(due_first, 0);
