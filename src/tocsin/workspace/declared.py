"""What a step may read: the tables and settings that it declares, and no other.

Each is read from the workspace when the step first asks for it, and once. What was asked for is
noted, so that a test can tell a declaration that says too much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import polars as pl

from tocsin.errors import ContractBroken
from tocsin.schema.settings import Settings
from tocsin.schema.step import Step
from tocsin.schema.vocabulary.release import newest_series


class DeclaredTables(Mapping[str, pl.DataFrame]):
    """This gives a step the tables that it declares, each read from the workspace at its first use.

    Args:
        step: the step, which declares its tables.
        read: this function gives a table by its name.

    Raises:
        ContractBroken: the step asks for a table that it does not declare.
    """

    def __init__(self, step: Step, read: Callable[[str], pl.DataFrame]) -> None:
        self._step = step
        self._read = read
        self._held: dict[str, pl.DataFrame] = {}

    @property
    def used(self) -> set[str]:
        """These are the names of the tables that were asked for."""
        return set(self._held)

    def __getitem__(self, table: str) -> pl.DataFrame:
        if table not in self._step.reads:
            raise ContractBroken(
                f"The step '{self._step.name}' reads the table '{table}', which it does not "
                "declare.",
                where=self._step.function.__module__,
                remedy="Name the table in `reads` of the step's declaration.",
            )
        if table not in self._held:
            found = self._read(table)
            # Superseded counts stay in the table, to be seen; no step counts a month twice.
            self._held[table] = newest_series(found) if table == "series" else found
        return self._held[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._step.reads)

    def __len__(self) -> int:
        return len(self._step.reads)


class _DeclaredSettings:
    """A view of settings, or of a part of them, that shows only what a step declares."""

    def __init__(self, step: Step, whole: Any, before: str, used: set[str]) -> None:
        self._step = step
        self._whole = whole
        self._before = before
        self._used = used

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        path = f"{self._before}{name}"
        if path in self._step.uses:
            self._used.add(path)
            return getattr(self._whole, name)
        if any(one.startswith(f"{path}.") for one in self._step.uses):
            return _DeclaredSettings(self._step, getattr(self._whole, name), f"{path}.", self._used)
        if not hasattr(self._whole, name):
            raise AttributeError(f"There is no setting '{path}'.")
        raise ContractBroken(
            f"The step '{self._step.name}' uses the setting '{path}', which it does not declare.",
            where=self._step.function.__module__,
            remedy="Name it in `settings` of the step's declaration, or say that it is `seeded`.",
        )


def declared_settings(step: Step, settings: Settings) -> tuple[Settings, set[str]]:
    """Make a view of the settings that shows a step only what it declares.

    Args:
        step: the step, which declares its settings.
        settings: all settings of the workspace.

    Returns:
        The view, which raises `ContractBroken` for a setting that is not declared; and a set that
        fills with the names of the settings that are used.
    """
    used: set[str] = set()
    return cast(Settings, _DeclaredSettings(step, settings, "", used)), used


FIRST_NAMES = {"horizon": "horizons"}
"""Settings that had another name first. They count under it in the id of a run, so that ids, and
the random numbers that break ties in the scores of a run, stay what they were."""


def values(step: Step, settings: Settings) -> dict[str, Any]:
    """Collect the declared settings of a step, as values that JSON can hold.

    Args:
        step: the step, which declares its settings.
        settings: all settings of the workspace.

    Returns:
        The values by the settings' (first) dotted names.
    """
    whole = settings.model_dump(mode="json")
    found: dict[str, Any] = {}
    for path in step.settings:
        value: Any = settings
        for name in path.split("."):
            value = getattr(value, name)
        found[FIRST_NAMES.get(path, path)] = whole.get(path, value)
    return found
