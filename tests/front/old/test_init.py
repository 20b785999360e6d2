"""Each public name of 0.1 is found, and can be called by the parameters that it had."""

from __future__ import annotations

import inspect
import json
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tocsin.base.moved import old_parameters
from tocsin.front.old import GONE

Old = Callable[[str, str], Any]
NAMES = json.loads(Path(__file__).with_name("names_of_0_1.json").read_text("utf-8"))
"""Module to name to 'class', or to the parameters, those by name only after ';'; '?' marks those
that have a default. The verbs (`cli`) are not among them: they are called on the command line."""
OTHERWISE = {
    "assess.adoption.ledger": "it rests on what words state, not on which words there are",
    "assess.linkage.model.predict": "a pair's weight depends on which sources its reports are of",
    "observe.ucdp_ged.version": "it takes the names of a file and of its columns, not the file",
    "plan.compare.comparisons": "today's model gives the parameters of futures beside its runs",
    "plan.compare.outcomes": "today's model gives the parameters of futures beside its runs",
}
"""Functions whose parameters are others, and why; their docstrings say which."""


def _each() -> Iterator[tuple[str, str, str]]:
    for module, names in NAMES.items():
        for name, parameters in names.items():
            yield module, name, parameters


def test_each_name_is_found(old: Old) -> None:
    missing = []
    for module, name, parameters in _each():
        try:
            found = old(module, name)
        except (AttributeError, ImportError) as error:
            missing.append(f"{module}.{name}: {error}")
            continue
        assert isinstance(found, type) or parameters != "class", f"{module}.{name}"
    assert len(missing) == len(GONE), "\n".join(missing)


def _fault(function: Any, parameters: str) -> str | None:
    """Why a function cannot be called with the parameters that it had."""
    if isinstance(function, ModuleType):
        function = getattr(function, function.__name__.rpartition(".")[2])
    places, _, named = parameters.partition(";")
    news = getattr(function, "old_parameters", {})
    given = [one.strip() for one in places.split(",") if one.strip()]
    alone = [one.strip() for one in named.split(",") if one.strip()]
    for whole in (True, False):
        at = [news.get(n, n) for one in given if (n := one.rstrip("?")) and (whole or n == one)]
        by = [news.get(n, n) for one in alone if (n := one.rstrip("?")) and (whole or n == one)]
        told = {n: n for n in by if n}
        try:
            bound = inspect.signature(function).bind(*filter(None, at), **told)
            inspect.signature(function).bind(**{n: n for n in at if n}, **told)
        except TypeError as error:
            return str(error)
        if any(bound.arguments.get(n) != n for n in at if n):
            return f"the order was {', '.join(given)}"
    return None


def test_each_function_takes_the_parameters_that_it_had(old: Old) -> None:
    faults = {}
    for module, name, parameters in _each():
        if parameters != "class" and f"{module}.{name}" not in (*OTHERWISE, "plan.model.simulate"):
            fault = _fault(old(module, name), parameters)
            if fault:
                faults[f"{module}.{name}"] = fault
    assert not faults, "\n".join(f"{name}: {why}" for name, why in faults.items())


def test_a_module_is_called_as_the_function_whose_name_it_has(old: Old) -> None:
    shapes = old("schema.geography", "shapes")
    with pytest.warns(DeprecationWarning, match=r"shapes.shapes"):
        assert shapes([482])["features"][0]["properties"]["gwno"] == 482
    assert old("schema.geography", "shapes").outside_km(652, 33.5, 36.3) == 0


def test_a_parameter_without_which_all_is_as_it_was_is_left_out() -> None:
    @old_parameters(many="few", more=None)
    def count(few: int, *, by: int = 1) -> int:
        return few * by

    with pytest.warns(DeprecationWarning, match="few=…"):
        assert count(many=2) == 2  # type: ignore[call-arg]
    with pytest.warns(DeprecationWarning, match=r"count\(more=…\)' is now"):
        assert count(2, by=3, more=9) == 6  # type: ignore[call-arg]
    with pytest.warns(DeprecationWarning, match="count"):
        assert count(2, 9) == 2  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional"):
        count(2, 9, 9)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="both given"):
        count(few=1, many=2)  # type: ignore[call-arg]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert count(2) == 2
