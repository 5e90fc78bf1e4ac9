"""A whole book as JSON. The table in `sections` defines the file; reading, writing and storing follow it.

To add a noun, add a section to `sections.py`. Everything else is derived from that table: reading and checking the
file, writing it, choosing what belongs to a selection of people, and adding what another book does not have.
"""
