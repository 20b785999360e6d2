"""How well the reliability of sources is learned: published results and invented worlds."""
