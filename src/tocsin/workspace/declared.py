"""What a step may read, which is what it declares and no other, and what run that would be.

Each is read from the workspace when the step first asks for it, and once. What was asked for is
noted, so that a test can tell a declaration that says too much.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, cast

import polars as pl

from tocsin.base import cache
from tocsin.base.about import VERSION
from tocsin.base.toml import check_regular
from tocsin.errors import ContractBroken
from tocsin.schema import TABLES, columns, conform
from tocsin.schema.run import Run
from tocsin.schema.settings import Settings
from tocsin.schema.step import Given, Step
from tocsin.schema.vocabulary.release import newest_series
from tocsin.workspace.chain import APPEND_ONLY, provenance, verify_chain
from tocsin.workspace.store import Workspace


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


def prospective_run(
    workspace: Workspace, step: Step, files: Mapping[str, Path] | None = None
) -> Run:
    """Describe the run that computing a step now would be, without computing it.

    Args:
        workspace: an open workspace.
        step: the step.
        files: side files to use in place of the workspace's own, by name.

    Returns:
        The run, whose id depends on the step's inputs, settings, seed and side files.
    """
    parameters = values(step, workspace.settings)
    for name, path in side_files(workspace, step, files).items():
        check_regular(path)
        parameters[name] = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    seed = workspace.settings.seed if step.seeded else 0
    return Run(step.name, version_of(step), seed, parameters, workspace.fingerprints(step.inputs))


def version_of(step: Step) -> str:
    """Give tocsin's version with the digest of the code that a step runs: its room's and the nouns.

    Args:
        step: the step.

    Returns:
        The version, a '+' and twelve hexadecimal digits.
    """
    above = Path(__file__).parents[1]
    whole = "".join(cache.code(above / name) for name in (step.room, "schema", "base"))
    return f"{VERSION}+{hashlib.sha256(whole.encode()).hexdigest()[:12]}"


def is_of(last: Mapping[str, Any], now: Run) -> bool:
    """Tell whether a run was made of the same tables and settings, by whatever version.

    Args:
        last: the run that there is, as `Workspace.last_run` gives it.
        now: the run that computing it now would be.
    """
    return bool(replace(now, version=last["version"]).run_id == last["run_id"])


def side_files(
    workspace: Workspace, step: Step, chosen: Mapping[str, Path] | None = None
) -> dict[str, Path]:
    """Find each side file of a step: the one chosen, else the workspace's own, else that shipped.

    Args:
        workspace: an open workspace.
        step: the step, which declares its side files.
        chosen: the paths of side files that were chosen, by name.

    Returns:
        The path of each side file, by name.
    """
    found = {}
    for file in step.files:
        own = workspace.path / file.name
        found[file.name] = (chosen or {}).get(file.name) or (own if own.is_file() else file.shipped)
    return found


def is_kept(workspace: Workspace, step: Step, files: Mapping[str, Path] | None = None) -> bool:
    """Tell whether the last run of a step is the one that computing it now would be, by this code.

    Args:
        workspace, step, files: as `prospective_run` takes them.
    """
    last = workspace.last_run(step.name)
    if last is None or last["version"] != version_of(step):
        return False
    return is_of(last, prospective_run(workspace, step, files))


def is_cached(step: Step, settings: Settings, files: Mapping[str, Path]) -> bool:
    """Tell whether what a step makes may be kept beyond the workspace.

    Args:
        step: the step, which declares it.
        settings: those of the workspace.
        files: the path of each side file, by name.
    """
    return step.cached(Given(settings, files=files)) if callable(step.cached) else step.cached


def cache_key(this: Run) -> dict[str, Any]:
    """Give all that decides what a cached step returns.

    Args:
        this: its run.

    Returns:
        The parts by name, as `tocsin.base.cache` takes them.
    """
    return {**asdict(this), "code": cache.code(Path(__file__).parents[1])}


def checked_table(workspace: Workspace, name: str, step: Step) -> pl.DataFrame:
    """Read a table as a step reads it: its rows obey the schema, and its chain is whole.

    Args:
        workspace: an open workspace.
        name: the table.
        step: the step.

    Returns:
        The table, with its provenance where the step asks for that.

    Raises:
        TableInvalid: a row breaks the schema.
        WorkspaceError: a ledger was changed behind tocsin's back.
    """
    frame = workspace.read(name, provenance=step.provenance or name in APPEND_ONLY)
    if name in APPEND_ONLY:
        verify_chain(frame, name, where=str(workspace.path))
        frame = frame if step.provenance else frame.select(columns(TABLES[name]))
    content = conform(TABLES[name], frame.select(columns(TABLES[name])))
    marks = provenance(name) if step.provenance else ()
    return content.with_columns(frame[mark] for mark in marks)


def declared_tables(workspace: Workspace, step: Step) -> DeclaredTables:
    """Give the tables of a workspace as a step reads them.

    Args:
        workspace: an open workspace.
        step: the step, which declares them.
    """
    return DeclaredTables(step, lambda name: checked_table(workspace, name, step))
