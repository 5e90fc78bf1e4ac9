-- Schema 3: a checksum of every row, with which `crm check` detects damage and changes by other programs.
-- sums holds 128 numbers of 32 bits, for the rows of tbl with the ids (or owner's ids) from block * 128 on.

CREATE TABLE row_sum (
  block INTEGER NOT NULL,
  tbl TEXT NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (block, tbl)
) STRICT, WITHOUT ROWID;
