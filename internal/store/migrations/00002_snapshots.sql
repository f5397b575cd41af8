-- +goose Up

-- What the texts of a request were made from, beside what their impressions hold: compressed JSON, one row for all texts.
CREATE TABLE snapshots (
	request TEXT PRIMARY KEY,
	user_no BIGINT REFERENCES users (no),
	at      BIGINT NOT NULL,
	body    BLOB NOT NULL
);
CREATE INDEX snapshots_user ON snapshots (user_no);
CREATE INDEX snapshots_at ON snapshots (at);

-- Impressions that went when their reader was erased: the hash of the ID, nothing else. Who has an ID in hand can be told
-- what became of it.
CREATE TABLE erased_impressions (
	impression_hash TEXT PRIMARY KEY,
	at              BIGINT NOT NULL
);

INSERT INTO counts (name, n) VALUES ('snapshots', 0);

PRAGMA user_version = 2;
