"""Bytes to records and back: vCard 2.1 to 4.0, and the CSV of many products; ``open.open_source`` is the door."""
