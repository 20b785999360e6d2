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

    return measure_audit(rows=2_000_000 // (FEW if quick else 1), on_done=say)


def _offline(quick: bool, seed: int, work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.offline import measure_offline

    say("Going journeys without a line")
    return measure_offline(
        journeys=30 if quick else 1000, seed=seed, path=work / "offline.jsonl" if work else None,
        on_done=lambda one: say(f"Journey {one}"),
    )  # fmt: skip


def _taxii(quick: bool, _seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.taxii import measure_taxii

    return measure_taxii(count=100_000 // (FEW if quick else 1), on_done=say)


def _sync(quick: bool, seed: int, work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.ring import measure_ring

    some = FEW if quick else 1
    return measure_ring(warnings=50_000 // some, seed=seed, work=work, on_done=say)


def _sqlite(quick: bool, _seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.load import measure_writes

    return measure_writes(seconds=10 if quick else 60, on_done=say)


def _load(quick: bool, _seed: int, work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.load import measure_load

    if quick:
        return measure_load(seconds=20, steps=(), work=work, on_done=say)
    return measure_load(work=work, on_done=say)


def _kill(quick: bool, _seed: int, work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.kills import measure_kills

    return measure_kills(kills=6 if quick else 50, work=work, on_done=say)


def _permissions(quick: bool, seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.permissions.measure import measure_permissions

    if quick:
        return measure_permissions(askers=20, markings=20, probed=4, seed=seed, on_done=say)
    return measure_permissions(seed=seed, on_done=say)


def _visible(quick: bool, _seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.visible import measure_visible

    return measure_visible(seconds=10 if quick else 60, on_done=say)


SECTIONS: dict[str, tuple[str, Section]] = {
    "cap": ("CAP 1.2: messages made by chance, and one fault in each", _cap),
    "audit": ("The audit log", _audit),
    "taxii": ("TAXII: objects of one `modified` added while three clients page", _taxii),
    "sync": ("Five servers in a ring that is cut again and again", _sync),
    "sqlite": ("Reports posted to a server over SQLite", _sqlite),
    "load": ("Reads and reports over PostgreSQL", _load),
    "visible": ("A report and a warning seen by others while the server is under load", _visible),
    "kill": ("A server or its database killed under load", _kill),
    "permissions": ("What is hidden, looked for at every place of the server", _permissions),
    "offline": ("Journeys of a reporter with a bad line", _offline),
}
"""Each section's title and measure."""
