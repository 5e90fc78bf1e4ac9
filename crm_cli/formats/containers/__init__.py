"""Containers of contact files: archives, packed files, workbooks, dBase tables, folders. Start at ``contents.py``."""
