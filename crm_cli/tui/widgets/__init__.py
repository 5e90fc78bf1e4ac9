"""The parts of a screen: they draw records and say what was done to them; none asks the book."""
