"""Our client loses nothing of a server of OASIS's, where that is installed."""

from __future__ import annotations

import shutil

import pytest

from tocsin.bench.share.server.medallion import measure_medallion


@pytest.mark.slow
def test_nothing_is_lost_from_the_public_server() -> None:
    found = measure_medallion(count=120)
    if shutil.which("medallion") is None:
        assert found == {}
        pytest.skip("medallion is not installed")
    assert [found[f"medallion_{what}"] for what in ("lost", "twice", "refused")] == [0, 0, 0]
