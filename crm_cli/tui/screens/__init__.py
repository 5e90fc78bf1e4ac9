"""The screens: they ask the book, hear what happened, and tell the widgets."""
