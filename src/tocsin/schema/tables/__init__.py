"""The tables, by the stage that writes them."""
