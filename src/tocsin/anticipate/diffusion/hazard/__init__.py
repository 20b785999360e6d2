"""The additive hazard: a rate outside the network, and one from each user that one is tied to."""
