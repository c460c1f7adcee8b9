-- The backing interface of a vswitch, how it is to be used ('': as the adaptor chooses), and the VLAN
-- outside that the vswitch is, if so. All NULL: the vswitch is local.
ALTER TABLE vswitches ADD COLUMN backing TEXT CHECK (length(backing) BETWEEN 1 AND 15);
ALTER TABLE vswitches ADD COLUMN backing_mode TEXT
  CHECK ((backing_mode IS NULL) = (backing IS NULL));
ALTER TABLE vswitches ADD COLUMN backing_vlan INTEGER
  CHECK (backing_vlan IS NULL OR (backing_vlan BETWEEN 1 AND 4094 AND backing IS NOT NULL));
CREATE UNIQUE INDEX vswitches_by_backing ON vswitches (backing);
