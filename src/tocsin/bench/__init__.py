"""What only measures: nothing of the road imports it."""
