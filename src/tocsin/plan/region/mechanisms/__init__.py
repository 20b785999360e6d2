"""The mechanisms of the regional model, one file each: what threatens, and how society answers.

Each has `PARAMETERS`, `NOISE` (how many random numbers it takes for a territory and week) and
`step(p, lever, world, state, noise)`, which gives the state after it.
"""
