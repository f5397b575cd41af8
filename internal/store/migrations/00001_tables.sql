-- Times are microseconds since 1970 in UTC, with the zone's offset in seconds beside them where it matters.
-- Users and items have numbers that stand for their IDs in every other table.
-- On PostgreSQL: INTEGER PRIMARY KEY -> BIGINT PRIMARY KEY, BLOB -> BYTEA, IDs COLLATE "C", no pragmas.

-- +goose Up

-- body is the user as JSON without its time; NULL when the user is known only from what he did.
CREATE TABLE users (
	no      INTEGER PRIMARY KEY,
	id      TEXT NOT NULL UNIQUE,
	updated BIGINT NOT NULL DEFAULT 0,
	zone    INTEGER NOT NULL DEFAULT 0,
	body    TEXT
);

-- body is the item as JSON without its time; NULL when the item is known only from what was done with it.
CREATE TABLE items (
	no      INTEGER PRIMARY KEY,
	id      TEXT NOT NULL UNIQUE,
	updated BIGINT NOT NULL DEFAULT 0,
	zone    INTEGER NOT NULL DEFAULT 0,
	body    TEXT
);

-- One B-tree serves everything: no = user's number * 2^35 + 35 bits of the SHA-256 of the interaction's ID. So a
-- user's interactions lie together, a repeated ID meets itself, and an insert touches no second index.
-- seq is the order of arrival; detail is packed by detail.go.
CREATE TABLE interactions (
	no      INTEGER PRIMARY KEY,
	seq     BIGINT NOT NULL,
	at      BIGINT NOT NULL,
	item_no BIGINT,
	id      TEXT NOT NULL,
	detail  BLOB NOT NULL
);

CREATE TABLE reviews (
	no      INTEGER PRIMARY KEY,
	id      TEXT NOT NULL UNIQUE,
	item_no BIGINT NOT NULL REFERENCES items (no),
	user_no BIGINT REFERENCES users (no),
	at      BIGINT NOT NULL,
	zone    INTEGER NOT NULL,
	rating  DOUBLE PRECISION NOT NULL,
	lang    TEXT NOT NULL,
	origin  TEXT NOT NULL,
	text    TEXT NOT NULL
);
CREATE INDEX reviews_item ON reviews (item_no, at);
CREATE INDEX reviews_user ON reviews (user_no);

CREATE TABLE examples (
	no        INTEGER PRIMARY KEY,
	id        TEXT NOT NULL UNIQUE,
	user_no   BIGINT REFERENCES users (no),
	item_no   BIGINT REFERENCES items (no),
	lang      TEXT NOT NULL,
	text      TEXT NOT NULL,
	real_text TEXT NOT NULL
);
CREATE INDEX examples_user ON examples (user_no);

-- body is the impression as JSON.
CREATE TABLE impressions (
	no      INTEGER PRIMARY KEY,
	id      TEXT NOT NULL UNIQUE,
	user_no BIGINT REFERENCES users (no),
	at      BIGINT NOT NULL,
	body    TEXT NOT NULL
);
CREATE INDEX impressions_user ON impressions (user_no);

CREATE TABLE feedback (
	no            INTEGER PRIMARY KEY,
	id            TEXT NOT NULL UNIQUE,
	impression_no BIGINT NOT NULL REFERENCES impressions (no),
	user_no       BIGINT REFERENCES users (no),
	kind          TEXT NOT NULL,
	target        TEXT NOT NULL,
	at            BIGINT NOT NULL,
	zone          INTEGER NOT NULL
);
CREATE INDEX feedback_impression ON feedback (impression_no);
CREATE INDEX feedback_user ON feedback (user_no);

-- Reasons that a user never wants cited again.
CREATE TABLE hidden (
	user_no BIGINT NOT NULL REFERENCES users (no),
	reason  TEXT NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (user_no, reason)
);

-- That somebody was erased, and when: the hash of the ID, nothing else.
CREATE TABLE erased (
	user_hash TEXT PRIMARY KEY,
	at        BIGINT NOT NULL
);

-- Numbers of rows, kept in the transaction that changes them; "generation", "sequence" and "scrub" are counters too.
CREATE TABLE counts (
	name TEXT PRIMARY KEY,
	n    BIGINT NOT NULL
);
INSERT INTO counts (name, n) VALUES
	('users', 0), ('items', 0), ('interactions', 0), ('reviews', 0), ('examples', 0), ('impressions', 0),
	('feedback', 0), ('hidden', 0), ('generation', 0), ('sequence', 0), ('scrub', 0);

PRAGMA application_id = 1650811747;
PRAGMA user_version = 1;
