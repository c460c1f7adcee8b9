-- VLANs of a trunk, whose frames carry a tag: "10,20-29" or "all". NULL: the port is no trunk.
ALTER TABLE ports ADD COLUMN trunk TEXT CHECK (trunk <> '');
