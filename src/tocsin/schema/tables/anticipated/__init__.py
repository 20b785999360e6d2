"""Tables that `anticipate` writes."""
