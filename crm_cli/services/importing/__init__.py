"""Imports: from the drafts of a file to people and companies in the book, new or updated."""
