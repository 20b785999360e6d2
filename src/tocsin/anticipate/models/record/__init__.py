"""What the record of all units supports: quiet units by counts, and how far a tail may reach."""
