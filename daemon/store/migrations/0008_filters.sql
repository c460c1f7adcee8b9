-- The filters of a vswitch, in the order in which frames meet them.
CREATE TABLE filters (
  vswitch TEXT NOT NULL REFERENCES vswitches (name) DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 15),
  name TEXT NOT NULL
    CHECK (length(name) BETWEEN 1 AND 32
           AND name NOT GLOB '*[^A-Za-z0-9._-]*' AND name NOT GLOB '[-.]*'),
  arguments TEXT NOT NULL
    CHECK (length(arguments) <= 1024 AND arguments NOT GLOB '*[^ -~]*'),
  PRIMARY KEY (vswitch, position)
) STRICT, WITHOUT ROWID;
