"""The dialogs that ask for input or confirmation before a write."""
