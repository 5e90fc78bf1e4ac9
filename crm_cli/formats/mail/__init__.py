"""Mail messages as files and pipes hold them (RFC 5322, MIME, mbox, Maildir), to `core.mail` records."""
