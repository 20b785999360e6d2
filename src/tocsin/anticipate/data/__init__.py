"""What the models see: series as a matrix of territories and months, and features of it."""
