-- Whether guests on the port may use packed virtqueues besides split ones.
ALTER TABLE ports ADD COLUMN packed_rings INTEGER NOT NULL DEFAULT 0
  CHECK (packed_rings IN (0, 1));
