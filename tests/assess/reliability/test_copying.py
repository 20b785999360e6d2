"""Who copies is found out, who is merely good is not."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.assess.reliability.sources import learn
from tocsin.bench.reliability.world import VOICES, Voice, world

HONEST = {name: voice for name, voice in VOICES.items() if voice.copies is None}


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_the_copier_and_its_original(seed: int) -> None:
    made = world(seed, size=800)
    learned = learn(made.incidents, made.links, made.reports)
    names = learned.testimony.sources
    found = [learned.copying.copies(who) for who in range(len(names))]
    copiers = {
        names[who]: names[original] for who, original in enumerate(found) if original is not None
    }
    assert copiers == {"Echo": "Charlie"}
    echo, charlie = names.index("Echo"), names.index("Charlie")
    assert learned.copying.rate[echo, charlie] > 0.6
    judged = learned.judged["deaths"]
    assert judged.voice[judged.votes.who == echo].mean() < 0.6


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_nobody_is_accused_without_cause(seed: int) -> None:
    good = {**HONEST, "Foxtrot": Voice(0.8, (0.97, 0.97, 0.97))}
    made = world(seed, size=800, voices=good)
    learned = learn(made.incidents, made.links, made.reports)
    assert [learned.copying.copies(who) for who in range(5)] == [None] * 5
    assert np.allclose(learned.judged["date"].voice, 1, atol=0.2)


def test_whole_sentences_that_are_the_same_tell() -> None:
    made = world(31, size=300, voices=HONEST)
    text = pl.format("Fighting was reported near the town on day {}", pl.col("native_id"))
    same = made.reports.with_columns(
        pl.when(pl.col("source").is_in(["Charlie", "Delta"])).then(text).alias("headline")
    )
    learned = learn(made.incidents, made.links, same)
    found = learned.copying.probability
    charlie, delta = (learned.testimony.sources.index(name) for name in ("Charlie", "Delta"))
    assert max(found[charlie, delta], found[delta, charlie]) > 0.9
