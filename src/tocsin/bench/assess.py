"""What `tocsin bench assess` measures: a function a section, each on data held out from fitting.

A section takes the tables of `observe` for the example region, and how it is asked to measure, and
returns a `Measured`. To add
one, write it beside what it measures and name it in `SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Measured:
    """One table of measurements, with a title and notes."""

    title: str
    rows: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class How:
    """How a section is asked to measure.

    Attributes:
        quick: few planted worlds.
        work: folder where each planted world's result is kept, from which a killed run goes on;
            None: nowhere.
        say: told what is done, in words.
    """

    quick: bool = False
    work: Path | None = None
    say: Callable[[str], None] = lambda _words: None


WHOLE = How()
"""All planted worlds; nothing is kept, and nothing told."""


def linkage(seen: Tables, how: How = WHOLE) -> Measured:
    """Measure the linkage of re-reported events, beside its peer.

    Args:
        seen: the tables of `observe` for the example region.
        how: not used.

    Returns:
        One row a level of noise, set of events and number of sources.
    """
    from tocsin.bench.linkage.measure import NOTES, measure

    del how
    return Measured("Linkage: reports of one event", measure(seen["reports"]), NOTES)


def dawid_skene(seen: Tables, how: How = WHOLE) -> Measured:
    """Compare the Dawid-Skene family with what was published; nothing of the region is read.

    Args:
        seen: not used.
        how: not used.

    Returns:
        One row a published number, with ours beside it.
    """
    from tocsin.bench.reliability.measure import published_results

    del seen, how
    note = (
        "Accuracies on public crowd data sets are not here: no registry package that was looked at "
        "ships the labels (docs/methods/source-reliability.md)."
    )
    return Measured("Dawid-Skene: published results", published_results(), [note])


def reliability(seen: Tables, how: How = WHOLE) -> Measured:
    """Measure how well reliability and deaths are found in invented worlds whose truth is known.

    Args:
        seen: not used.
        how: not used.

    Returns:
        One row a measure of `tocsin.bench.reliability.measure.recovery`.
    """
    from tocsin.bench.reliability.measure import SEEDS, recovery

    del seen, how
    rows = [{"measure": name, "value": value} for name, value in recovery().items()]
    note = (
        f"Ten invented worlds, seeds {SEEDS[0]} to {SEEDS[-1]}; docs/methods/source-reliability.md."
    )
    return Measured("Source reliability: invented worlds recovered", rows, [note])


def attribution(seen: Tables, how: How = WHOLE) -> Measured:
    """Measure attribution where the perpetrators of a fifth of the latest incidents are masked.

    Args:
        seen: the tables of `observe` for the example region.
        how: not used.

    Returns:
        Two rows of scores: ours, and those of the local majority.
    """
    from tocsin.assess.incidents import incidents
    from tocsin.assess.technology.tags import by_incident, tag
    from tocsin.bench.attribution import predict_masked, scores

    del how
    events, links = incidents(seen["reports"])
    tags = by_incident(tag(seen["reports"], links))
    answers = predict_masked(
        events, seen["actors"], tags, part="test", folds=1, say=lambda _words: None
    )
    peers = {"probabilities": "tocsin", "baseline": "local majority, 50 km and 90 days"}
    rows = [{"model": peers[which]} | scores(answers, which) for which in peers]
    note = "One mask of five; all five: python benchmarks/attribution.py."
    return Measured("Attribution: masked perpetrators, split by time", rows, [note])


def ledger(seen: Tables, how: How) -> Measured:
    """Measure the adoption ledger: planted worlds, and what the example region's may not say.

    Args:
        seen: the tables of `observe` for the example region.
        how: whether few worlds are planted, and where their results are kept.

    Returns:
        One row a measure: intervals that hold the truth in planted worlds; entries of the example.
    """
    from tocsin.bench.adoption import planted
    from tocsin.bench.adoption.example import entries

    worlds = planted.QUICK if how.quick else planted.WORLDS
    rows = planted.measure(
        range(worlds),
        how.work / "ledger.jsonl" if how.work else None,
        lambda seed: how.say(f"Planted world {seed + 1} of {worlds}"),
    )
    notes = [
        f"Planted: {worlds} worlds by the model itself; 90% intervals should hold 0.85 to "
        "0.95 of the truths.",
        "The example region is the one on which rules were made. Users on regions left "
        "out, and the ledgers of the other regions, need the files of UCDP: "
        "python benchmarks/mention_users.py FOLDER, python benchmarks/adoption_regions.py FOLDER.",
    ]
    return Measured("The adoption ledger", [*rows, *entries(seen)], notes)


def made_texts(seen: Tables, how: How) -> Measured:
    """Measure what is read in texts of regions that no rule was made on; nothing of the region is
    read.

    Args:
        seen: not used.
        how: not used.

    Returns:
        One row a set of texts and class or language.
    """
    from tocsin.bench.mentions import made

    del seen, how
    texts = made.texts()
    rows = []
    for number in made.SETS:
        of_set = texts.filter(texts["row_id"].str.starts_with(f"{number}-"))
        rows += [{"set": number} | row for row in made.measure(made.judge_texts(of_set))]
    notes = [f"Set {number}: {title}." for number, title in made.SETS.items()]
    notes.append("A language model wrote and labelled the texts: they are no field record.")
    return Measured("Readings of made texts", rows, notes)


SECTIONS: dict[str, Callable[[Tables, How], Measured]] = {
    "linkage": linkage,
    "dawid-skene": dawid_skene,
    "reliability": reliability,
    "attribution": attribution,
    "ledger": ledger,
    "made-texts": made_texts,
}
"""Name of a section to the function that measures it."""
