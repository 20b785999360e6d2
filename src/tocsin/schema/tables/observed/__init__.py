"""Tables that `observe` writes."""
