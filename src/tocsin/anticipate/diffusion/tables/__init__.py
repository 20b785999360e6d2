"""The tables that the hazard is fitted to: who was at risk of what, and who is tied to whom."""
