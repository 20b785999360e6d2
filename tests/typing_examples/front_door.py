"""What a user's type checker must know of the front door; checked by mypy, never run."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

import polars as pl
import pyarrow as pa

import tocsin
from tocsin import Compared, Forecast, Fused, Links, Read


def counts() -> pl.DataFrame:
    return pl.DataFrame()


seen = tocsin.read([Path("a.csv"), "b.csv"], progress=True)
assert_type(seen, Read)
assert_type(seen.reports, pl.DataFrame)

picture = tocsin.fuse(seen)
assert_type(picture, Fused)
assert_type(picture.adoption, pl.DataFrame)
tocsin.fuse(seen.reports, actors=seen.actors, progress=print)

linked = tocsin.link({"a": counts(), "b": counts().lazy(), "c": pa.table({}), "d": "d.csv"})
assert_type(linked, Links)
assert_type(linked.columns, dict[str, dict[str, str]])

ahead = tocsin.forecast(counts(), horizon=14, model="pool")
assert_type(ahead, Forecast)
assert_type(ahead.horizon, int)
assert_type(ahead.record, pl.DataFrame)

found = tocsin.compare(ahead, {"talks": {"dialogue": 0.5}}, adoption=picture)
assert_type(found, Compared)
assert_type(found.differences, pl.DataFrame)

assert_type(tocsin.plugins(), pl.DataFrame)
assert_type(tocsin.STAGES, tuple[str, str, str, str, str])
tocsin.observe.example_files()

tocsin.forecast(counts(), horizon="long")  # type: ignore[arg-type]
tocsin.link(3)  # type: ignore[arg-type]
_ = ahead.sumary  # type: ignore[attr-defined]
