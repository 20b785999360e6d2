"""The stream of incidents: a self-exciting model of what is usual, and what departs from it."""
