-- A copy of a device may send an op with its clock put right already: it was not moved then, but is where it stands.
COMMENT ON COLUMN op_outcome.clock_ms IS 'The milliseconds of the op''s newest clock as it was taken; before 2026-11-23 only where it was moved.';
