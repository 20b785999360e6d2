"""Places: names joined to one id, missing points borrowed from the same name elsewhere."""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.assess.linkage.names.folding import UNIT, fold, join_spellings, key_of_folded, place_key

COARSE_PREC = 4
"""UCDP's place precision from which a point stands for an administrative unit."""


def locate(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the numbers of places to records, and fill missing points from like-named places.

    A place that one file names without a point borrows the median point that files with
    points give to the name; a row that knows only its administrative unit borrows the unit's.

    Args:
        frame: records with `source, place, adm1, adm2, country, place_prec`, and `lat`, `lon` in
            degrees.

    Returns:
        The records with `place_id` and `adm_id` (numbers of places and units) and `coarse` (the
        point stands for a unit); `lat` and `lon` are filled; `place_prec, adm2, country` are gone.
    """
    frame = _units(frame)
    frame = _name_places(frame)
    prec = pl.col("place_prec")
    # Codes up to 3 are ACLED's (3: a region); more are UCDP's.
    top = prec.max().over("source")
    coarse = pl.when(top <= 3).then(prec >= 3).otherwise(prec >= COARSE_PREC).fill_null(False)
    frame = frame.with_columns((coarse | pl.col("unit_only")).alias("coarse"))
    return _borrow_points(frame).drop("unit_only", "place_prec", "adm2", "country")


def _units(frame: pl.DataFrame) -> pl.DataFrame:
    """`adm_id` from the first administrative unit, else the second, else the country."""
    raw = pl.coalesce("adm1", "adm2", "country")
    names = frame.select(raw.alias("n"))["n"].drop_nulls().value_counts(sort=True)
    keys = {name: place_key(name) for name in names["n"].to_list()}
    ids = _joined_ids(keys, dict(names.iter_rows()), None)
    return frame.with_columns(
        raw.replace_strict(ids, default=None, return_dtype=pl.Int32).alias("adm_id")
    )


def _name_places(frame: pl.DataFrame) -> pl.DataFrame:
    """`place_id`, and `unit_only` where the place is just the name of a unit or country."""
    units = {
        fold(name)
        for column in ("adm1", "adm2", "country")
        for name in frame[column].drop_nulls().unique().to_list()
    }
    grouped = (
        frame.filter(pl.col("place").is_not_null())
        .group_by("place")
        .agg(pl.len().alias("n"), pl.col("lat").median(), pl.col("lon").median())
        .sort("place")
    )
    names = grouped["place"].to_list()
    plain = {name: fold(name) for name in names}
    keys = {name: key_of_folded(plain[name]) for name in names}
    broad = {name: UNIT.search(plain[name]) is not None or plain[name] in units for name in names}
    # A town and the unit of its name are two places.
    tagged = {name: keys[name] + (" #" if broad[name] else "") for name in names}
    counts = dict(zip(names, grouped["n"].to_list(), strict=True))
    points = dict(zip(names, grouped.select("lat", "lon").iter_rows(), strict=True))
    ids = _joined_ids(tagged, counts, points)
    return frame.with_columns(
        pl.col("place").replace_strict(ids, default=None, return_dtype=pl.Int32).alias("place_id"),
        pl.when(pl.col("place").is_not_null())
        .then(pl.col("place").replace_strict(broad, default=False, return_dtype=pl.Boolean))
        .otherwise(pl.col("lat").is_null())
        .alias("unit_only"),
    )


def _joined_ids(
    keys: dict[str, str],
    counts: dict[str, int],
    points: dict[str, tuple[float | None, float | None]] | None,
) -> dict[str, int]:
    """Name to a number that names of one place share."""
    distinct = sorted(set(keys.values()))
    place = {key: index for index, key in enumerate(distinct)}
    totals = np.zeros(len(distinct), dtype=np.int64)
    sums = np.zeros((len(distinct), 3))
    for name, key in keys.items():
        totals[place[key]] += counts[name]
        if points is not None and points[name][0] is not None:
            lat, lon = points[name]
            sums[place[key]] += np.array([lat, lon, 1.0]) * counts[name]
    spots = None
    if points is not None:
        with np.errstate(invalid="ignore", divide="ignore"):
            spots = sums[:, :2] / sums[:, 2:]
    roots = join_spellings(distinct, totals.tolist(), points=spots)
    return {name: roots[place[key]] for name, key in keys.items()}


def _borrow_points(frame: pl.DataFrame) -> pl.DataFrame:
    has = pl.col("lat").is_not_null()
    by_place = _medians(frame.filter(has & pl.col("place_id").is_not_null()), "place_id")
    by_unit = _medians(frame.filter(has & pl.col("adm_id").is_not_null()), "adm_id")
    # Rows that know only their unit do not move it: they sit on its middle already.
    frame = frame.join(by_place, on="place_id", how="left", maintain_order="left")
    frame = frame.join(by_unit, on="adm_id", how="left", maintain_order="left", suffix="_unit")
    own = pl.col("lat").is_not_null()
    named = pl.col("lat_median").is_not_null() & ~pl.col("unit_only")
    named = named | (pl.col("lat_median").is_not_null() & pl.col("place").is_not_null())
    return frame.with_columns(
        pl.when(own).then("lat").when(named).then("lat_median").otherwise("lat_median_unit")
        .alias("lat"),
        pl.when(own).then("lon").when(named).then("lon_median").otherwise("lon_median_unit")
        .alias("lon"),
        (pl.col("coarse") | (~own & ~named & pl.col("lat_median_unit").is_not_null()))
        .alias("coarse"),
    ).drop("lat_median", "lon_median", "lat_median_unit", "lon_median_unit")  # fmt: skip


def _medians(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    return frame.group_by(key).agg(
        pl.col("lat").median().alias("lat_median"), pl.col("lon").median().alias("lon_median")
    )
