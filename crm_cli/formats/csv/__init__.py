"""The CSV of many products: recognised, read into drafts, and our own written."""
