-- What becomes of frames for multicast groups.
ALTER TABLE vswitches ADD COLUMN multicast TEXT NOT NULL DEFAULT 'snoop'
  CHECK (multicast IN ('flood', 'snoop', 'strict'));
