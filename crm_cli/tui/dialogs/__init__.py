"""The questions a screen asks before it writes."""
