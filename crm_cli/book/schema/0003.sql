-- Schema 3: a checksum of every row, by which `crm check` finds what was changed underneath.
-- sums holds 128 numbers of 32 bits: of the rows of tbl whose id (or owner's id) is block * 128, and so on.

CREATE TABLE row_sum (
  block INTEGER NOT NULL,
  tbl TEXT NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (block, tbl)
) STRICT, WITHOUT ROWID;
