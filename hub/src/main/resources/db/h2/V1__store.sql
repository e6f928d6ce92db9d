-- Times are microseconds since 1970 UTC. `place` numbers what is queued (inbox, deliveries, dedup keys, sessions in order of use);
-- `seq` of lines and events is one sequence of its own, which clients know as cursor.
-- Every index is paid for at each message: the comment beside one names the query that needs it.

CREATE TABLE hub_state (
    id              INTEGER PRIMARY KEY,
    store_id        UUID    NOT NULL,
    commit_number   BIGINT  NOT NULL, -- of the latest batch; compared with the mark outside the database
    last_place      BIGINT  NOT NULL,
    last_seq        BIGINT  NOT NULL,
    events_before   BIGINT  NOT NULL, -- the latest seq of a pruned event
    damaged         BIGINT  NOT NULL  -- records set aside so far
);
INSERT INTO hub_state VALUES (1, RANDOM_UUID(), 0, 0, 0, 0, 0);

CREATE TABLE inbox (
    place        BIGINT         PRIMARY KEY,
    message_id   VARCHAR(64)    NOT NULL,
    session_key  VARCHAR(8000)  NOT NULL,
    agent_id     VARCHAR(64)    NOT NULL,
    channel      VARCHAR(200)   NOT NULL,
    accepted_at  BIGINT         NOT NULL,
    body_bytes   INTEGER        NOT NULL,
    body         VARBINARY(16384) NOT NULL,
    checksum     INTEGER        NOT NULL
);
CREATE UNIQUE INDEX inbox_message ON inbox (message_id); -- the end of a turn

CREATE TABLE dedup (
    place        BIGINT         PRIMARY KEY, -- that of the message or delivery
    dedup_key    VARCHAR(1026)  NOT NULL,
    fingerprint  VARCHAR(200)   NOT NULL,
    id           VARCHAR(64)    NOT NULL,
    stored_at    BIGINT         NOT NULL,
    keep_until   BIGINT         NOT NULL
);
CREATE UNIQUE INDEX dedup_by_key ON dedup (dedup_key); -- accept, enqueue

CREATE TABLE sessions (
    id             BIGINT        PRIMARY KEY, -- lines belong to it; a cleared session gets a new one
    session_key    VARCHAR(8000) NOT NULL,
    agent_id       VARCHAR(64)   NOT NULL,
    channel        VARCHAR(200)  NOT NULL,
    account_id     VARCHAR(1000) NOT NULL,
    peer_kind      VARCHAR(20),
    peer_id        VARCHAR(2000),
    created_at     BIGINT        NOT NULL,
    updated_at     BIGINT        NOT NULL,
    message_count  BIGINT        NOT NULL,
    used           BIGINT        NOT NULL  -- a place: larger is later
);
CREATE UNIQUE INDEX sessions_key ON sessions (session_key); -- the end of a turn, history
CREATE UNIQUE INDEX sessions_used ON sessions (used);       -- the list

CREATE TABLE lines (
    seq         BIGINT      PRIMARY KEY,
    session_id  BIGINT      NOT NULL,
    line_id     VARCHAR(80) NOT NULL,
    role        VARCHAR(20) NOT NULL,
    written_at  BIGINT      NOT NULL,
    body_bytes  INTEGER     NOT NULL,
    body        VARBINARY(16384) NOT NULL,
    checksum    INTEGER     NOT NULL
);
CREATE INDEX lines_session ON lines (session_id, seq); -- history
CREATE UNIQUE INDEX lines_id ON lines (line_id);       -- repeats and traces

-- Lines of sessions that were cleared or deleted; pruned bit by bit.
CREATE TABLE orphans (
    session_id  BIGINT PRIMARY KEY
);

CREATE TABLE deliveries (
    place               BIGINT        PRIMARY KEY,
    delivery_id         VARCHAR(64)   NOT NULL,
    channel             VARCHAR(200)  NOT NULL,
    account_id          VARCHAR(1000) NOT NULL,
    peer_kind           VARCHAR(20)   NOT NULL,
    peer_id             VARCHAR(2000) NOT NULL,
    thread_id           VARCHAR(2000),
    message_id          VARCHAR(64),
    session_key         VARCHAR(8000),
    state               SMALLINT      NOT NULL,
    shelf               SMALLINT      NOT NULL, -- 0 open; else the state: moves once in most lives, so its index is cheap
    attempts            INTEGER       NOT NULL,
    failures            INTEGER       NOT NULL, -- rows in attempts ever written
    parts               INTEGER       NOT NULL,
    parts_done          INTEGER       NOT NULL,
    next_attempt_at     BIGINT        NOT NULL,
    created_at          BIGINT        NOT NULL,
    expires_at          BIGINT        NOT NULL,
    attempt_started_at  BIGINT,
    ended_at            BIGINT,
    possibly_repeated   BOOLEAN       NOT NULL,
    last_error          VARCHAR(2000),
    remote_ids          VARCHAR(1000000) NOT NULL, -- one per line
    body_bytes          INTEGER       NOT NULL,
    body                VARBINARY(16384) NOT NULL,
    checksum            INTEGER       NOT NULL
);
CREATE UNIQUE INDEX deliveries_id ON deliveries (delivery_id);
CREATE INDEX deliveries_message ON deliveries (message_id);    -- traces
CREATE INDEX deliveries_shelf ON deliveries (shelf, place);    -- taking up after a start, lists, pruning

CREATE TABLE delivery_counts (
    channel     VARCHAR(200)  NOT NULL,
    account_id  VARCHAR(1000) NOT NULL,
    state       SMALLINT      NOT NULL,
    n           BIGINT        NOT NULL,
    PRIMARY KEY (channel, account_id, state)
);

-- Attempts that did not deliver; the latest hundred of each delivery.
CREATE TABLE attempts (
    place              BIGINT        NOT NULL, -- of the delivery
    failure            INTEGER       NOT NULL,
    state              SMALLINT      NOT NULL,
    attempts           INTEGER       NOT NULL,
    parts_done         INTEGER       NOT NULL,
    outcome            VARCHAR(40)   NOT NULL,
    reason             VARCHAR(2000),
    remote_id          VARCHAR(1000),
    ended_at           BIGINT        NOT NULL,
    next_attempt_at    BIGINT        NOT NULL,
    possibly_repeated  BOOLEAN       NOT NULL,
    PRIMARY KEY (place, failure)
);

CREATE TABLE events (
    seq         BIGINT       PRIMARY KEY,
    type        VARCHAR(200) NOT NULL,
    written_at  BIGINT       NOT NULL,
    body_bytes  INTEGER      NOT NULL,
    body        VARBINARY(16384) NOT NULL,
    checksum    INTEGER      NOT NULL
);

CREATE TABLE binding_tables (
    place       BIGINT        PRIMARY KEY,
    set_by      VARCHAR(1000) NOT NULL,
    written_at  BIGINT        NOT NULL,
    is_reset    BOOLEAN       NOT NULL,
    body_bytes  INTEGER       NOT NULL,
    body        VARBINARY(16384) NOT NULL,
    checksum    INTEGER       NOT NULL
);

-- What could not be used and why: damaged records and messages that no turn can be made of.
CREATE TABLE set_aside (
    place       BIGINT        PRIMARY KEY,
    kind        CHAR(1)       NOT NULL,
    id          VARCHAR(80)   NOT NULL,
    reason      VARCHAR(2000) NOT NULL,
    written_at  BIGINT        NOT NULL,
    body_bytes  INTEGER       NOT NULL,
    body        VARBINARY(16384) NOT NULL
);

-- Bodies over 16 KiB, in pieces: rows stay small, so that a change of state rewrites little and a page of a list fits in memory.
CREATE TABLE big_bodies (
    kind   CHAR(1) NOT NULL,
    place  BIGINT  NOT NULL, -- or seq, as the kind has it
    part   INTEGER NOT NULL,
    bytes  VARBINARY(1000000) NOT NULL,
    PRIMARY KEY (kind, place, part)
);
