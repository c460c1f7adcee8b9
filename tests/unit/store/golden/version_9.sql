-- A database as version 9 left it. Never edited: it stands for those that users have.
PRAGMA application_id = 1213224526;
PRAGMA user_version = 9;
CREATE TABLE vswitches (
  name TEXT NOT NULL PRIMARY KEY
    CHECK (length(name) BETWEEN 1 AND 32
           AND name NOT GLOB '*[^A-Za-z0-9._-]*' AND name NOT GLOB '[-.]*'),
  number INTEGER NOT NULL UNIQUE CHECK (number BETWEEN 1 AND 4294967295),
  up INTEGER NOT NULL CHECK (up IN (0, 1))
, backing TEXT CHECK (length(backing) BETWEEN 1 AND 15), backing_mode TEXT
  CHECK ((backing_mode IS NULL) = (backing IS NULL)), backing_vlan INTEGER
  CHECK (backing_vlan IS NULL OR (backing_vlan BETWEEN 1 AND 4094 AND backing IS NOT NULL)), multicast TEXT NOT NULL DEFAULT 'snoop'
  CHECK (multicast IN ('flood', 'snoop', 'strict'))) STRICT, WITHOUT ROWID;

CREATE TABLE ports (
  vswitch TEXT NOT NULL REFERENCES vswitches (name) DEFERRABLE INITIALLY DEFERRED,
  number INTEGER NOT NULL CHECK (number BETWEEN 0 AND 511),
  vlan INTEGER CHECK (vlan BETWEEN 0 AND 4094), queue_pairs INTEGER NOT NULL DEFAULT 1
  CHECK (queue_pairs BETWEEN 1 AND 16), packed_rings INTEGER NOT NULL DEFAULT 0
  CHECK (packed_rings IN (0, 1)), trunk TEXT CHECK (trunk <> ''),
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
  port INTEGER NOT NULL CHECK (port BETWEEN 0 AND 511), endpoint TEXT NOT NULL DEFAULT ''
  CHECK (length(endpoint) <= 255 AND endpoint NOT GLOB '*[^ -9;-~]*'),
  PRIMARY KEY (guest, bus, device),
  UNIQUE (guest, vswitch, port)
) STRICT, WITHOUT ROWID;

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

CREATE UNIQUE INDEX vswitches_by_backing ON vswitches (backing);

INSERT INTO vswitches VALUES ('localnet', 1, 0, NULL, NULL, NULL, 'snoop'),
  ('prod', 2, 1, 'eth1', '', NULL, 'strict'), ('_lab.7', 5, 0, 'bond0', 'packet', 4094, 'flood');
INSERT INTO ports VALUES ('prod', 0, 4094, 1, 0, NULL), ('prod', 3, NULL, 16, 0, NULL),
  ('prod', 4, NULL, 1, 1, '10,20-29'), ('prod', 9, 5, 1, 0, 'all'), ('prod', 511, 0, 4, 1, NULL);
INSERT INTO guests VALUES ('web', 1), ('db', 3), ('spare', 2);
INSERT INTO vnics VALUES
  ('web', 0, 0, 'avio_lan', 0x02000000000a, 'prod', 511, ''),
  ('web', 7, 7, 'lan', 0xfeffffffffff, 'localnet', 0, '/run/passt one.socket'),
  ('db', 0, 1, 'avio_lan', 0x02000000000b, 'prod', 511, '');
INSERT INTO filters VALUES ('prod', 0, 'ethertypes', '0x0800,0x0806'), ('prod', 1, 'b', ''),
  ('_lab.7', 0, 'ethertypes', '(a b)');
INSERT INTO mirrors VALUES ('prod', 7, '1 512', 1, 0, 'ip', '40 0 0 12 21 0 1 2048 6 0 0 262144 6 0 0 0'),
  ('_lab.7', 0, '', 1, 1, '', '');
