-- What the port of a vNIC connects to, in the terms of its adaptor; empty: the adaptor's default.
ALTER TABLE vnics ADD COLUMN endpoint TEXT NOT NULL DEFAULT ''
  CHECK (length(endpoint) <= 255 AND endpoint NOT GLOB '*[^ -9;-~]*');
