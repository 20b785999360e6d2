"""Cases that are borrowed are those of other countries, and leave the own ones as they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tocsin.anticipate.alerts.records.borrowed import SHIPPED, borrow_evidence, read_world
from tocsin.anticipate.alerts.rules.declared import Rule
from tocsin.anticipate.data.panel import Panel
from tocsin.anticipate.evaluation.track_record import track_record
from tocsin.anticipate.models.baselines import MODELS
from tocsin.errors import SourceRefused, UsageError

RULE = Rule(name="x", kind="deaths", within=3, deaths=25, probability=0.5)


@pytest.mark.slow
def test_the_series_that_ships_has_each_country_once() -> None:
    world = read_world(SHIPPED)
    assert len(set(world.gwnos)) == len(world.gwnos) == 191
    assert world.months[-1] == date(2022, 12, 1)


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"country,month\nMali,2020-01\n", UsageError), (b"\x1f\x8bnot a gzip", SourceRefused),
     (b"country,month,ged_sb\nMali,2020-01,many\n", SourceRefused)],
)  # fmt: skip
def test_a_file_of_ones_own_that_is_none_is_told(
    tmp_path: Path, content: bytes, error: type[Exception]
) -> None:
    path = tmp_path / "all_countries.csv"
    path.write_bytes(content)
    with pytest.raises(error):
        read_world(path)


@pytest.mark.slow
def test_own_cases_stand_beside_those_of_the_others() -> None:
    world = read_world(SHIPPED)
    mali = world.gwnos.index(432)
    later = tuple(date(month.year + 2, month.month, 1) for month in world.months[-96:])
    own = Panel((432,), ("Mali",), later, "n", world.deaths[mali : mali + 1, -96:])
    some = [at for at, gwno in enumerate(world.gwnos) if gwno in (432, 436, 475, 490, 520)]
    few = Panel(
        tuple(world.gwnos[at] for at in some), tuple(world.territories[at] for at in some),
        world.months, world.target, world.deaths[some],
    )  # fmt: skip
    track = track_record(own, MODELS, 3)
    name, [case] = borrow_evidence([RULE], own, few, track, seed=1)
    assert name in MODELS
    assert (case.gwnos[0], sorted(case.gwnos[1:])) == (432, [436, 475, 490, 520])
    assert case.origins[-1] == own.months[-1]
    known = ~np.isnan(case.probability)
    # The own series goes on two years longer, and no country counts twice.
    assert known[-24:, 0].all()
    assert not known[-24:, 1:].any()
    assert known[:, 1:].any(axis=0).all()
