"""Bytes to records and back: vCard 2.1, 3.0 and 4.0, and the CSV of many products; ``reading.open_source`` is the door."""
