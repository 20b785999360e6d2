"""The published edges are found again, with their gains."""

from __future__ import annotations

import pytest

from tocsin.bench.diffusion.published import netinf_rows


def test_the_five_edges_and_their_gains() -> None:
    rows = netinf_rows()
    assert len(rows) == 5
    for row in rows:
        assert row["found"] == pytest.approx(row["published"], rel=1e-6), row
