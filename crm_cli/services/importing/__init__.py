"""Import: turn the drafts of a file into people and companies of the book, new or updated."""
