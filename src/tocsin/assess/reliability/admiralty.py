"""The Admiralty scale: letters A to F for a source, numbers 1 to 6 for what it says.

The scale (NATO AJP-2.1) is in words; the cut points here are ours, and documented in
docs/methods/source-reliability.md.
"""

from __future__ import annotations

import polars as pl

LETTERS = (("A", 0.95), ("B", 0.85), ("C", 0.70), ("D", 0.50), ("E", 0.0))
"""A letter and the lowest share of right statements that earns it."""
NUMBERS = ((1, 0.95), (2, 0.80), (3, 0.60), (4, 0.35), (5, 0.0))
"""A number and the lowest probability that earns it."""
LEAST_VOTES = 10.0
"""With fewer votes that others could check, a source cannot be judged."""
WIDEST = 0.30
"""With a wider 90 % interval, a source cannot be judged."""
LEAST_PEERS = 2
"""A source can be judged with at least two others that are independent of it and each other:
with two in all, nobody can say which of them errs."""
CORROBORATED = 0.75
"""Independent voices beside a report, from which on it can be 'confirmed'."""
HEARD = 0.25
"""Fewer independent voices than this beside a report: it cannot be judged."""


def letter(
    share: pl.Expr, *, votes: pl.Expr, low: pl.Expr, high: pl.Expr, peers: pl.Expr
) -> pl.Expr:
    """Write an expression for the letter of a source on the Admiralty scale (NATO AJP-2.1).

    A is completely reliable, E is unreliable, F cannot be judged.

    Args:
        share: how often the source is right, in [0, 1].
        votes: on how many votes that rests.
        low: the lower end of the share's interval.
        high: the upper end.
        peers: how many other sources it was compared with.

    Returns:
        An expression of letters; F where the evidence is thin.

    >>> frame = pl.DataFrame({"p": [0.9], "n": [50.0], "low": [0.8], "high": [0.95], "k": [3]})
    >>> frame.select(
    ...     letter(pl.col("p"), votes=pl.col("n"), low=pl.col("low"), high=pl.col("high"),
    ...            peers=pl.col("k"))
    ... ).item()
    'B'
    """
    thin = share.is_null() | (votes < LEAST_VOTES) | (high - low > WIDEST) | (peers < LEAST_PEERS)
    graded = pl.lit("E")
    for name, least in reversed(LETTERS[:-1]):
        graded = pl.when(share >= least).then(pl.lit(name)).otherwise(graded)
    return pl.when(thin).then(pl.lit("F")).otherwise(graded)


def number(probability: pl.Expr, *, corroboration: pl.Expr) -> pl.Expr:
    """Write an expression for the number of a statement on the Admiralty scale (NATO AJP-2.1).

    1 is confirmed, 5 is improbable, 6 cannot be judged.

    Args:
        probability: that the statement is true, in [0, 1].
        corroboration: how many independent sources could confirm it.

    Returns:
        An expression of numbers. 1 needs others that confirm the statement; 6 says that nobody
        could.

    >>> frame = pl.DataFrame({"p": [0.99, 0.99, 0.99], "others": [1.0, 0.5, 0.0]})
    >>> frame.select(number(pl.col("p"), corroboration=pl.col("others"))).to_series().to_list()
    [1, 2, 6]
    """
    graded = pl.lit(5)
    for value, least in reversed(NUMBERS[:-1]):
        graded = pl.when(probability >= least).then(pl.lit(value)).otherwise(graded)
    capped = pl.when(corroboration < CORROBORATED).then(pl.max_horizontal(graded, 2))
    known = capped.otherwise(graded)
    unheard = probability.is_null() | (corroboration < HEARD)
    return pl.when(unheard).then(pl.lit(6)).otherwise(known)
