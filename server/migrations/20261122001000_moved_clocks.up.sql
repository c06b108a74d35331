-- Where a clock that was ahead was put is told the same again when the answer was lost.
ALTER TABLE op_outcome ADD COLUMN clock_ms bigint;
COMMENT ON COLUMN op_outcome.clock_ms IS 'The milliseconds of the op''s newest clock as it was taken, where it was moved because it was ahead.';
