-- Schema 4: room for more kinds of search documents.
-- The id of a search document is 32 x the record's id + the number of its kind (core/kinds.py); it was 4 x.

UPDATE search_doc SET id = -(id / 4 * 32 + id % 4);
UPDATE search_doc SET id = -id;
UPDATE search_word SET doc = -(doc / 4 * 32 + doc % 4);
UPDATE search_word SET doc = -doc;
INSERT INTO search_fts (search_fts) VALUES ('rebuild');
