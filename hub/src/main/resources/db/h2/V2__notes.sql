-- Small things that somebody has to remember: how far a channel has read, who was let in, how fast a platform lets us send.
CREATE TABLE notes (
    place       BIGINT         PRIMARY KEY,
    scope       VARCHAR(2000)  NOT NULL, -- whose it is
    name        VARCHAR(400)   NOT NULL,
    body_bytes  INTEGER        NOT NULL,
    body        VARBINARY(16384) NOT NULL,
    checksum    INTEGER        NOT NULL
);
CREATE UNIQUE INDEX notes_name ON notes (scope, name); -- each look and each change
