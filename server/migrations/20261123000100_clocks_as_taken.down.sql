COMMENT ON COLUMN op_outcome.clock_ms IS 'The milliseconds of the op''s newest clock as it was taken, where it was moved because it was ahead.';
