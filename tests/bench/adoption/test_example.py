"""The ledger of the example: who is struck has nothing, and no belief without a mention."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.bench.adoption.example import entries


@pytest.mark.slow
def test_every_belief_has_a_mention_for_it(seen: dict[str, pl.DataFrame]) -> None:
    text = pl.col("headline").fill_null("").str.to_lowercase()
    some = seen["reports"].filter(text.str.contains("drone|leaflet|ied"))
    rows = {row["measure"]: row for row in entries({**seen, "reports": some})}
    assert rows["entries of 0.5 and more without a mention for them"]["value"] == 0
    assert rows["SDF has uncrewed-aircraft"]["value"] < 0.5
    assert rows["entries of 0.8 and more"]["value"] <= rows["entries of 0.5 and more"]["value"]
