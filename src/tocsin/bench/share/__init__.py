"""What `share` is measured on: each section is one function of (quick, seed, work, say)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Say = Callable[[str], None]
Section = Callable[[bool, int, Path | None, Say], dict[str, Any]]
FEW = 10
"""A quick measure takes so many times fewer cases."""


def _cap(quick: bool, seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.warnings import measure_cap

    some = FEW if quick else 1
    say("Checking messages")
    return measure_cap(messages=10_000 // some, faults=2_000 // some, seed=seed)


def _audit(quick: bool, _seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.audit import measure_audit

    say("Verifying an audit log")
    return measure_audit(rows=1_000_000 // (FEW if quick else 1))


def _offline(quick: bool, seed: int, work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.offline import measure_offline

    say("Going journeys without a line")
    return measure_offline(
        journeys=30 if quick else 1000, seed=seed, path=work / "offline.jsonl" if work else None,
        on_done=lambda one: say(f"Journey {one}"),
    )  # fmt: skip


SECTIONS: dict[str, tuple[str, Section]] = {
    "cap": ("CAP 1.2: messages made by chance, and one fault in each", _cap),
    "audit": ("The audit log, on SQLite", _audit),
    "offline": ("Journeys of a reporter with a bad line", _offline),
}
"""Each section's title and measure."""
