"""A declaration that contradicts itself is refused where it is written."""

from __future__ import annotations

import pytest

from tocsin.schema.step import Step


def nothing(*_: object) -> dict[str, object]:
    return {}


def test_what_is_needed_is_read() -> None:
    with pytest.raises(ValueError, match="'one'"):
        Step("one", room="plan", function=nothing, needs=("series",))  # type: ignore[arg-type]


def test_a_step_has_one_of_the_five_rooms() -> None:
    with pytest.raises(ValueError, match="'one'"):
        Step("one", room="attic", function=nothing)  # type: ignore[arg-type]


def test_its_own_earlier_rows_are_no_input() -> None:
    step = Step(
        "one", room="plan", function=nothing, reads=("series", "calibration"),  # type: ignore[arg-type]
        writes=("calibration",), settings=("draws",), seeded=True,
    )  # fmt: skip
    assert step.inputs == ("series",)
    assert step.uses == ("draws", "seed")
