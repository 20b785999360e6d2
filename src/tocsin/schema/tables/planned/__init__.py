"""Tables that `plan` writes."""
