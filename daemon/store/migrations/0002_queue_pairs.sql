-- How many pairs of queues a guest on the port is to have.
ALTER TABLE ports ADD COLUMN queue_pairs INTEGER NOT NULL DEFAULT 1
  CHECK (queue_pairs BETWEEN 1 AND 16);
