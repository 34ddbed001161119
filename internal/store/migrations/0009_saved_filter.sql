-- +goose Up
-- What a person has narrowed a list to and wants again. query is a query string as the list's page has it; at most one of a list
-- is the default.
CREATE TABLE saved_filter (
    id         TEXT   PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES account (id),
    list       TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    query      TEXT   NOT NULL,
    standing   BIGINT NOT NULL DEFAULT 0,
    changed_at BIGINT NOT NULL,
    UNIQUE (account_id, list, name)
);
