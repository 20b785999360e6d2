"""Bundles of tables made by chance are valid, and one that is not would be counted."""

from __future__ import annotations

import pytest

from tocsin.bench.share import bundles
from tocsin.bench.share.bundles import measure_stix


@pytest.mark.slow
def test_bundles_are_valid_and_a_broken_one_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    found = measure_stix(bundles=2, seed=3)
    assert (found["bundles"], found["refused"], found["warned"]) == (2, 0, 0), found["worst"]
    right = bundles.write
    monkeypatch.setattr(
        bundles, "write",
        lambda *given, **more: right(*given, **more).replace(b'"identity_class"', b'"of_class"'),
    )  # fmt: skip
    assert measure_stix(bundles=1)["worst"]
