"""Assess: see docs/architecture.md."""
