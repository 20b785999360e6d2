"""The measure of paging while objects are added, on few objects."""

from __future__ import annotations

import pytest

from tocsin.bench.share.server.taxii import measure_taxii


@pytest.mark.release
def test_nobody_loses_an_object_or_has_one_twice() -> None:
    found = measure_taxii(count=3_000)
    for client in ("plain", "ours", "public"):
        told = found[client]
        assert (told["lost"], told["twice"], told["loop"], told["error"]) == (0, 0, False, "")
