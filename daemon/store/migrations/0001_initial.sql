-- The desired state: vswitches, the settings of their ports, guests and their vNICs.
--
-- References are checked at the end of a transaction, so that a row can change by being deleted and
-- inserted. The checks repeat the rules for commands: the last line of defence against a wrong row.

CREATE TABLE vswitches (
  name TEXT NOT NULL PRIMARY KEY
    CHECK (length(name) BETWEEN 1 AND 32
           AND name NOT GLOB '*[^A-Za-z0-9._-]*' AND name NOT GLOB '[-.]*'),
  number INTEGER NOT NULL UNIQUE CHECK (number BETWEEN 1 AND 4294967295),
  up INTEGER NOT NULL CHECK (up IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Only ports whose settings differ from the default.
CREATE TABLE ports (
  vswitch TEXT NOT NULL REFERENCES vswitches (name) DEFERRABLE INITIALLY DEFERRED,
  number INTEGER NOT NULL CHECK (number BETWEEN 0 AND 511),
  vlan INTEGER CHECK (vlan BETWEEN 0 AND 4094),
  PRIMARY KEY (vswitch, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE guests (
  name TEXT NOT NULL PRIMARY KEY
    CHECK (length(name) BETWEEN 1 AND 64
           AND name NOT GLOB '*[^A-Za-z0-9._-]*' AND name NOT GLOB '[-.]*'),
  number INTEGER NOT NULL UNIQUE CHECK (number BETWEEN 1 AND 4294967295)
) STRICT, WITHOUT ROWID;

CREATE TABLE vnics (
  guest TEXT NOT NULL REFERENCES guests (name) DEFERRABLE INITIALLY DEFERRED,
  bus INTEGER NOT NULL CHECK (bus BETWEEN 0 AND 7),
  device INTEGER NOT NULL CHECK (device BETWEEN 0 AND 7),
  adaptor TEXT NOT NULL CHECK (adaptor <> ''),
  -- 48 bits, the first octet on the wire in the highest; unicast and locally administered.
  mac INTEGER NOT NULL UNIQUE
    CHECK (mac BETWEEN 0 AND 0xffffffffffff AND (mac & 0x030000000000) = 0x020000000000),
  vswitch TEXT NOT NULL REFERENCES vswitches (name) DEFERRABLE INITIALLY DEFERRED,
  port INTEGER NOT NULL CHECK (port BETWEEN 0 AND 511),
  PRIMARY KEY (guest, bus, device),
  UNIQUE (guest, vswitch, port)
) STRICT, WITHOUT ROWID;
