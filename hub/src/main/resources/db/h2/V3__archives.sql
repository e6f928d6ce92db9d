-- A transcript that was put away keeps its row, its key and its lines; the conversation goes on in a new row.
ALTER TABLE sessions ADD COLUMN archive BIGINT DEFAULT 0 NOT NULL; -- 0 in use; else the place at which it was put away
DROP INDEX sessions_key;
DROP INDEX sessions_used;
CREATE UNIQUE INDEX sessions_key ON sessions (session_key, archive); -- the end of a turn, history
CREATE UNIQUE INDEX sessions_used ON sessions (archive, used);       -- the lists
