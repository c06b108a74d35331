DROP TABLE parked_op;
DROP TABLE op_outcome;
DROP TABLE device;
