"""vCard 2.1, 3.0 and 4.0 (RFC 6350, RFC 2426): cards are read into drafts and written from records."""
