"""Share: see docs/architecture.md."""
