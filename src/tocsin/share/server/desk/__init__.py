"""What is done at the server: acts with their reasons, publishing, handling, reports."""
