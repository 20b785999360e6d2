"""Pages on one's own account: the second factor, the password, sessions, tokens, the digest."""
