"""The widgets: they draw records and post messages; none of them reads the book."""
