"""Producers: who makes a data set, in all its releases."""

from __future__ import annotations

import polars as pl

from tocsin.base.moved import old_parameters


@old_parameters(column="source")
def producer(source: str | pl.Expr = "source") -> pl.Expr:
    """Write an expression for the producer of a data set: its name without the release.

    Args:
        source: the column, or an expression, with the data set's name, such as 'UCDP GED Candidate
            24.0.3'.

    Returns:
        An expression of type String.

    >>> pl.select(producer(pl.lit("UCDP GED Candidate 24.0.3"))).item()
    'UCDP GED'
    """
    named = pl.col(source) if isinstance(source, str) else source
    return named.str.replace(r"\s+(Candidate )?[\d.]+.*$", "")
