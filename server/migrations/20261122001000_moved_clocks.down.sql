ALTER TABLE op_outcome DROP COLUMN clock_ms;
