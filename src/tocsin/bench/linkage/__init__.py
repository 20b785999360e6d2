"""How well linkage does: real events told again with noise, peers, and scores."""
