"""Readers of what joins organisations: external support, and a user's own ties and first uses."""
