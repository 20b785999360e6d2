"""How far each source can be trusted, learned from where sources agree."""
