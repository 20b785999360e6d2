"""Forms of what is kept of neighbours."""
