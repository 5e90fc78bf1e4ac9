"""Delivery of messages by mail, desktop notification, a command, or standard output. Each route is one module."""
