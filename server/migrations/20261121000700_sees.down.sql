DROP FUNCTION saw(uuid, uuid, uuid, bigint);
DROP FUNCTION sees(uuid, uuid, text);
