"""A log that was tampered with is found out, and the measure would say so if it were not."""

from __future__ import annotations

import random

import pytest

from tocsin.bench.share import tampering
from tocsin.bench.share.tampering import measure_tampering, missed_changes


@pytest.mark.release
def test_a_thousand_tamperings_are_found() -> None:
    found = measure_tampering(count=1000, seed=2)
    assert (found["tamperings"], found["missed"]) == (1000, 0), found["ways"]
    assert found["rewrites"] > 50


def test_a_tampering_that_is_none_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tampering, "SIZE", 30)
    monkeypatch.setattr(tampering, "COVERED", 20)
    changes = [tampering.take_entry, lambda _raw, _rng: None]
    changes[1].__name__ = "nothing"
    assert missed_changes(changes, random.Random(1)) == ["nothing"]
