"""Alert rules: how a user declares them, what triggers them, and on which level they stand."""
