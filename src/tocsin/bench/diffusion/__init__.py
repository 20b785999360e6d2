"""Measured: how well the ways of diffusion that a made world had are found again."""
