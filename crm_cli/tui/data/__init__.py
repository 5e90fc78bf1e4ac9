"""What the dashboard reads from the book and writes to it. All of it runs in threads."""
