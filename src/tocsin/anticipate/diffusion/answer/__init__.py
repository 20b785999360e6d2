"""What the hazard says: shares of channels, hazards, who may be next, and whether to believe it."""
