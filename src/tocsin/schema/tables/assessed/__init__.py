"""Tables that `assess` writes."""
