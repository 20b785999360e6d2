"""The measure of a ring, on a small one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.bench.share.server import ring
from tocsin.bench.share.server.ring import measure_ring


@pytest.mark.slow
def test_a_small_ring_ends_alike() -> None:
    found = measure_ring(warnings=40, partitions=2)
    assert (found["warnings"], found["rests"], found["digests"], found["differences"]) == (
        40, True, 0, 0,
    )  # fmt: skip


@pytest.mark.release
def test_a_ring_that_was_stopped_goes_on_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ring, "EVERY", 0.0)

    def stop(words: str) -> None:
        if words.startswith("Partition 2"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure_ring(warnings=20, partitions=2, work=tmp_path, on_done=stop)
    # A folder that was being written when the measure stopped has no last file.
    (tmp_path / "ring-20-2-0" / "turn-0009").mkdir()
    words: list[str] = []
    found = measure_ring(warnings=20, partitions=2, work=tmp_path, on_done=words.append)
    assert words == ["Partition 2 of 2", "Healing"]
    assert (found["warnings"], found["rests"], found["digests"], found["differences"]) == (
        20, True, 0, 0,
    )  # fmt: skip
