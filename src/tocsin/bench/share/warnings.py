"""Do our checks pass what is right and find what is wrong?"""

from __future__ import annotations

import copy
import itertools
import random
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tocsin.bench.share.messages import FAULTS, message
from tocsin.share.cap import check

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SUFFIXES = (".cap", ".xml", ".atom", ".rss")
BAD = ("invalid", "errors", "xee", "no_id")
"""Words in the name of a sample that is not valid."""


def measure_cap(*, messages: int = 10_000, faults: int = 2_000, seed: int = 0) -> dict[str, Any]:
    """Measure the check of CAP messages.

    Args:
        messages: how many right messages are made.
        faults: how many of them are given one fault each, drawn evenly from the list.
        seed: start of all random numbers.

    Returns:
        `messages`, `messages_refused` (right ones called not valid), `faults`, `faults_missed`,
        `faults_caught` (a share), and `missed`, the first twenty missed as clause and number in
        its list.
    """
    rng = random.Random(seed)
    refused = sum(not _valid(message(rng)) for _ in range(messages))
    missed = []
    for clause, number, faulty in itertools.islice(mutants(rng), faults):
        if _valid(faulty):
            missed.append(f"{clause} number {number}")
    return {
        "messages": messages,
        "messages_refused": refused,
        "faults": faults,
        "faults_missed": len(missed),
        "faults_caught": 1 - len(missed) / faults,
        "missed": missed[:20],
    }


def measure_samples(folder: Path) -> dict[str, Any]:
    """Check others' messages and feeds, whose names say what is wrong with them.

    Args:
        folder: where they lie.

    Returns:
        `samples`, and `samples_wrong`, the names of those that are not classified as their name
        says; each by itself, since several are versions of one message.
    """
    files = [one for one in sorted(folder.iterdir()) if one.suffix in SUFFIXES]
    wrong = []
    for one in files:
        valid = check({one.name: one.read_bytes()}, now=NOW)[0].valid
        if valid == any(word in one.name for word in BAD):
            wrong.append(one.name)
    return {"samples": len(files), "samples_wrong": wrong}


def mutants(rng: random.Random) -> Iterator[tuple[str, int, ET.Element]]:
    """Yield messages with one fault each, round after round through the list of faults.

    Args:
        rng: where chance comes from.

    Yields:
        The clause, the fault's number in its list, and the message.
    """
    every = [(clause, n, one) for clause, some in FAULTS.items() for n, one in enumerate(some)]
    while True:
        for clause, number, fault in every:
            for _ in range(50):
                right = message(rng)
                faulty = copy.deepcopy(right)
                if fault(faulty, rng) and ET.tostring(faulty) != ET.tostring(right):
                    yield clause, number, faulty
                    break


def _valid(alert: ET.Element) -> bool:
    return check({"message": ET.tostring(alert)}, now=NOW)[0].valid
