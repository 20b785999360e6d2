"""Accounts: people and programs that the server knows, and how they show who they are."""
