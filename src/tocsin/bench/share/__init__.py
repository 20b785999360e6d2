"""What `share` is measured on: each section is one function of (quick, seed, work, say)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Say = Callable[[str], None]
Section = Callable[[bool, int, Path | None, Say], dict[str, Any]]
SAMPLES = Path("../shared/data/cap")
"""Where others' messages lie beside a checkout; without them they are not measured."""
FEW = 10
"""A quick measure takes so many times fewer cases."""


def _cap(quick: bool, seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.warnings import measure_cap, measure_samples

    some = FEW if quick else 1
    say("Checking messages")
    told = measure_cap(messages=10_000 // some, faults=2_000 // some, seed=seed)
    return told | (measure_samples(SAMPLES) if SAMPLES.is_dir() else {})


def _stix(quick: bool, seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.bundles import measure_stix

    say("Writing bundles")
    return measure_stix(bundles=200 // (FEW if quick else 1), seed=seed)


def _tampering(quick: bool, seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.tampering import measure_tampering

    say("Tampering with a log")
    return measure_tampering(count=1000 // (FEW if quick else 1), seed=seed)


def _hostile(quick: bool, seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.hostile import measure_described, measure_uploads

    say("Sending broken bodies")
    told = measure_uploads(uploads=2500 if quick else 50_000, seed=seed)
    say("Sending what fits the description")
    return told | measure_described(each=2 if quick else 60)


def _audit(quick: bool, _seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.audit import measure_audit

    if quick:
        return measure_audit(rows=50_000, workers=2, on_done=say)
    return measure_audit(on_done=say)


def _offline(quick: bool, seed: int, work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.offline import PHONES, measure_offline

    say("Going journeys without a line")
    return measure_offline(
        journeys=3 if quick else 1000, phones=1 if quick else PHONES, seed=seed,
        path=work / "offline.jsonl" if work else None,
        on_done=lambda one: say(f"Journey {one}"),
    )  # fmt: skip


def _taxii(quick: bool, _seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.medallion import measure_medallion
    from tocsin.bench.share.server.taxii import measure_taxii

    told = measure_taxii(count=3000 if quick else 100_000, on_done=say)
    say("Pulling from a server of OASIS's")
    return told | measure_medallion(count=200 if quick else 2000)


def _sync(quick: bool, seed: int, work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.ring import measure_ring

    count, partitions = (1500, 8) if quick else (50_000, 20)
    return measure_ring(
        warnings=count, partitions=partitions, seed=seed, work=work, on_done=say
    )  # fmt: skip


def _sqlite(quick: bool, _seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.load import measure_writes

    return measure_writes(seconds=10 if quick else 60, on_done=say)


def _load(quick: bool, _seed: int, work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.load import measure_load

    return measure_load(seconds=8 if quick else 120, work=work, on_done=say)


def _curve(quick: bool, _seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.load import measure_curve

    if quick:
        return measure_curve(steps=(100, 700), step_seconds=3, on_done=say)
    return measure_curve(on_done=say)


def _kill(quick: bool, _seed: int, work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.kills import measure_kills

    if quick:
        return measure_kills(kills=2, each=1, work=work, on_done=say)
    return measure_kills(work=work, on_done=say)


def _permissions(quick: bool, seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.permissions.measure import measure_permissions

    if quick:
        return measure_permissions(askers=6, markings=20, probed=3, seed=seed, on_done=say)
    return measure_permissions(seed=seed, on_done=say)


def _visible(quick: bool, _seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.visible import measure_visible

    return measure_visible(seconds=8 if quick else 60, on_done=say)


def _scale(quick: bool, _seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.server.scale import measure_scale

    some = FEW if quick else 1
    return measure_scale(rows=1_000_000 // some // some, reads=400 // some, on_done=say)


def _tests(quick: bool, _seed: int, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.share.tested import measure_tests

    return measure_tests(quick=quick, on_done=say)


SECTIONS: dict[str, tuple[str, Section]] = {
    "cap": ("CAP 1.2: messages made by chance, and one fault in each", _cap),
    "stix": ("STIX 2.1: bundles of tables made by chance", _stix),
    "audit": ("The audit log", _audit),
    "tampering": (
        "A log that was tampered with, of which a partner holds a checkpoint",
        _tampering,
    ),
    "hostile": ("What makes a fault of the server: broken bodies, and odd ones that fit", _hostile),
    "taxii": ("TAXII: objects of one `modified` added while three clients page", _taxii),
    "sync": ("Five servers in a ring that is cut again and again", _sync),
    "sqlite": ("Reports posted to a server over SQLite", _sqlite),
    "load": ("Reads and reports over PostgreSQL", _load),
    "curve": ("Reads and reports over PostgreSQL, more and more of them", _curve),
    "visible": ("A report and a warning seen by others while the server is under load", _visible),
    "kill": ("A server or its database killed under load", _kill),
    "permissions": ("What is hidden, looked for at every place of the server", _permissions),
    "scale": ("Beyond one machine: partitions, listeners and a replica of PostgreSQL", _scale),
    "tests": ("What is right or not: tests by name, and the weight of scripts", _tests),
    "offline": ("Journeys of a reporter with a bad line", _offline),
}
"""Each section's title and measure."""
