"""Anticipate: see docs/architecture.md."""
