-- What agents work on in the background. An ended task stays until there are too many, too large, or too old.
CREATE TABLE tasks (
    place            BIGINT         PRIMARY KEY,
    task_id          VARCHAR(64)    NOT NULL,
    agent_id         VARCHAR(64)    NOT NULL,
    session_key      VARCHAR(8000)  NOT NULL,
    state            SMALLINT       NOT NULL,
    shelf            SMALLINT       NOT NULL, -- 0 open, 1 ended: moves once
    attempts         INTEGER        NOT NULL, -- begun
    failures         INTEGER        NOT NULL, -- of those, how many ended badly; what a kill has cut is no failure
    progress         SMALLINT       NOT NULL,
    note             VARCHAR(1000),
    error            VARCHAR(2000),
    created_at       BIGINT         NOT NULL,
    expires_at       BIGINT         NOT NULL,
    started_at       BIGINT,
    next_attempt_at  BIGINT,
    finished_at      BIGINT,
    body_bytes       INTEGER        NOT NULL,
    body             VARBINARY(16384) NOT NULL,
    checksum         INTEGER        NOT NULL
);
CREATE UNIQUE INDEX tasks_id ON tasks (task_id);     -- each change
CREATE INDEX tasks_shelf ON tasks (shelf, place);    -- a start, the end of what is over its age
