-- The mirror of a vswitch: which frames are copied to which of its ports.
CREATE TABLE mirrors (
  vswitch TEXT PRIMARY KEY NOT NULL REFERENCES vswitches (name) DEFERRABLE INITIALLY DEFERRED,
  port INTEGER NOT NULL CHECK (port BETWEEN 0 AND 511),
  -- Numbers of ports with blanks between them; empty: all.
  sources TEXT NOT NULL CHECK (sources NOT GLOB '*[^0-9 ]*'),
  ingress INTEGER NOT NULL CHECK (ingress IN (0, 1)),
  egress INTEGER NOT NULL CHECK (egress IN (0, 1) AND ingress + egress > 0),
  filter TEXT NOT NULL CHECK (length(filter) <= 1024 AND filter NOT GLOB '*[^ -~]*'),
  -- The instructions that the filter was compiled to: four numbers each, with blanks between them.
  program TEXT NOT NULL CHECK (program NOT GLOB '*[^0-9 ]*')
) STRICT, WITHOUT ROWID;
