"""How long support of armed organisations lasts, in UCDP's External Support data set.

    python benchmarks/support_lasts.py ucdp_external_support_actor_year_18.1.csv.gz

Of pairs of an organisation and a supporter in one year, of organisations that are in the data set
some years later, too: the part with the same supporter then. That support goes on half as strongly
after two years is what the model assumes after the last year of which its source tells.
"""

from __future__ import annotations

import sys

import polars as pl

YEARS = (1, 2, 3, 4, 6, 8)


def main(path: str) -> None:
    """Print a line for each number of years, for all years and for those since 2000."""
    rows = pl.read_csv(path, infer_schema=False).filter(pl.col("actor_nonstate") == "1")
    rows = rows.with_columns(pl.col("year").cast(pl.Int64))
    there = rows.select("actor_id", "year").unique()
    pairs = (
        rows.select("actor_id", "year", pl.col("ext_id").fill_null("").str.split(",").alias("by"))
        .explode("by")
        .with_columns(pl.col("by").str.strip_chars())
        .filter(pl.col("by") != "")
        .unique()
    )
    for since in (1975, 2000):
        for later in YEARS:
            known = pairs.filter(pl.col("year") >= since).join(
                there.with_columns(pl.col("year") - later), on=["actor_id", "year"]
            )
            kept = known.join(
                pairs.with_columns(pl.col("year") - later), on=["actor_id", "by", "year"]
            )
            print(
                f"since {since}, {later} years: {kept.height / known.height:.3f} of {known.height}"
            )


if __name__ == "__main__":
    main(sys.argv[1])
