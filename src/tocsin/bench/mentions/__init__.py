"""Mentions of technology in event texts: sampled blind, labelled by readers, open to be scored on.

The labels and their guidelines are in `benchmarks/labels/technology_mentions`.
"""
