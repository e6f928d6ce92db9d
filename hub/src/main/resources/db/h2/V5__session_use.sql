-- What the turns of a session have used. A transcript that is put away keeps its sums; the next one begins at nothing.
ALTER TABLE sessions ADD COLUMN input_tokens BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE sessions ADD COLUMN output_tokens BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE sessions ADD COLUMN cost_nanos BIGINT DEFAULT 0 NOT NULL;   -- billionths of the currency
ALTER TABLE sessions ADD COLUMN currency VARCHAR(8) DEFAULT '' NOT NULL; -- '' no price; '*' several, so there is no sum
