"""What the server keeps: SQLite with no set-up, PostgreSQL by one setting."""
