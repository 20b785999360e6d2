"""Observe: see docs/architecture.md."""
