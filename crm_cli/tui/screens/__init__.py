"""The screens: they query the book, handle messages, and update the widgets."""
