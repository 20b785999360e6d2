"""Running the server: its settings, its start, and copies of what it keeps."""
