"""The runner: any step, bound to a workspace by what it declares.

It looks whether the step can run, lets it read what it declares, checks what it returns, and
stores that as one run. The run's id is a digest of the declared inputs and settings, so the
runner knows before computing whether a result would be the one that is there already. What other
code made is made again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from tocsin.base import cache
from tocsin.errors import ContractBroken, StageNotReady, UsageError
from tocsin.schema.geography.apart import refuse_apart
from tocsin.schema.run import Run
from tocsin.schema.step import Given, Made, Reference, Step, Tables
from tocsin.workspace.ahead import WAITING, Ahead, find_request, find_whole
from tocsin.workspace.declared import (
    cache_key,
    declared_settings,
    declared_tables,
    is_cached,
    is_kept,
    prospective_run,
    side_files,
    version_of,
)
from tocsin.workspace.steps import find_step
from tocsin.workspace.store import SETTINGS_FILE, Before, Workspace


@dataclass(frozen=True)
class Progress:
    """This says where a walk stands: a step has begun, is at work, has ended, or had nothing to do.

    A step that is `kept` need not run again; one that is `left out` has nothing to work on. `part`
    is the part of the work that is done, from 0 to 1, or None if it is not known.
    """

    step: str
    state: Literal["begun", "working", "done", "kept", "left out"]
    words: str = ""
    part: float | None = None
    seconds: float = 0.0


OnProgress = Callable[[Progress], None]


def show_nothing(_progress: Progress) -> None:
    """Show nothing; this is an `OnProgress` for those who want no sign of progress."""


@dataclass(frozen=True)
class Result:
    """This is what one run of one step left: rows by table, files written, and what it answers.

    `seconds` is how long it took. `skipped` is True if the step was kept and not run again, and
    `left_out` says why a step had nothing to work on.
    """

    stage: str
    run_id: str
    seconds: float
    rows: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    skipped: bool = False
    left_out: str = ""
    settled: str = ""
    answer: Any = None
    tables_read: frozenset[str] = frozenset()
    settings_used: frozenset[str] = frozenset()

    def as_dict(self) -> dict[str, Any]:
        """Give the result as a dict of values that JSON can hold."""
        told = "stage", "run_id", "seconds", "rows", "files", "skipped", "left_out", "settled"
        return {name: getattr(self, name) for name in told}


def walk(
    workspace: Workspace,
    names: Sequence[str],
    *,
    anew: Sequence[str] = (),
    files: Mapping[str, Path] | None = None,
    asked: Mapping[str, Any] | None = None,
    with_what_is_there: bool = False,
    ahead: Ahead | None = None,
    on_progress: OnProgress = show_nothing,
) -> list[Result]:
    """Run steps in a row; a step whose inputs and settings have not changed is not run again.

    Args:
        workspace: an open workspace.
        names: names of steps, in the order in which they are run.
        anew: those of them that are run whether or not anything has changed.
        files, asked: as `run` takes them.
        with_what_is_there: True leaves out a step that has nothing to work on, and goes on with
            those behind it. The last step is never left out, because it is what the walk is for.
        ahead: a process in which something was begun before the walk (`beginning_ahead`).
        on_progress: this function is told how each step goes.

    Returns:
        A result for each step: those that were kept have `skipped`, those left out the reason.

    Raises:
        UsageError: a side file of one of the steps is not understood; none was run.
        StageNotReady: a table that a step needs is empty; the steps before it were stored.
    """
    chosen = [find_step(name) for name in names]
    check_doors(workspace, names, files)
    found, asked_ahead = [], False
    with ExitStack() as beside:
        for number, step in enumerate(chosen):
            kept = None if step.name in anew else _read_kept(workspace, step, files)
            if kept:
                on_progress(Progress(step.name, "kept"))
            try:
                if not kept:
                    rest = chosen[number:]
                    if not asked_ahead and (more := find_request(workspace, rest, files, ahead)):
                        asked_ahead, ahead = True, ahead or beside.enter_context(Ahead())
                        ahead.ask(more)
                    elif ahead and (whole := find_whole(workspace, rest, files, ahead)):
                        ahead.ask(whole)
                    kept = run(
                        workspace, step, files=files, asked=asked, ahead=ahead,
                        on_progress=on_progress,
                    )  # fmt: skip
                found.append(kept)
            except StageNotReady as error:
                # What an earlier run left would be told as if it were of today.
                old = workspace.last_run(step.name) is not None
                if not with_what_is_there or old or step is chosen[-1]:
                    raise
                # Nobody is sent to run what was left out a moment ago.
                before = next((one.stage for one in found if _feeds(one, step)), "")
                why = f"It works on what `{before}` makes." if before else ""
                why = why or f"{error.what} {error.remedy}".rstrip()
                on_progress(Progress(step.name, "left out", why))
                found.append(Result(step.name, "", 0.0, skipped=True, left_out=why))
    return found


def _feeds(result: Result, step: Step) -> bool:
    """Was a step left out that writes what this one needs?"""
    return bool(result.left_out) and bool(set(find_step(result.stage).writes) & set(step.needs))


def run(
    workspace: Workspace,
    step: Step,
    *,
    files: Mapping[str, Path] | None = None,
    asked: Mapping[str, Any] | None = None,
    first: Before | None = None,
    on_progress: OnProgress = show_nothing,
    ahead: Ahead | None = None,
) -> Result:
    """Run one step and store what it returns.

    Args:
        workspace: an open workspace.
        step: the step to run.
        files: side files to use in place of the workspace's own, by name.
        asked: what the caller asks for beyond the settings, as the step takes it.
        first: this function is called before the rows are stored, in the same transaction.
        on_progress: this function is told how the step goes.
        ahead: the process in which a part of it may have been done ahead; it is waited for.

    Returns:
        The rows by table, the files that were written, and what the step answers.

    Raises:
        UsageError: a side file is missing or not understood.
        StageNotReady: a table that the step needs is empty.
        TableInvalid: a table that it reads or returns breaks its declaration.
        ContractBroken: the step reads or writes what it does not declare.
        WorkspaceError: a ledger that it reads was changed behind tocsin's back.
    """
    started = time.time()
    on_progress(Progress(step.name, "begun"))
    used = check_door(workspace, step, files)
    workspace.check_filled(*step.needs)
    if ahead is not None and ahead.works_on(step.name):
        on_progress(Progress(step.name, "working", WAITING))
        ahead.wait_for(step.name)
    tables = declared_tables(workspace, step)
    settled = _settle(workspace, step, tables)
    computed = None if step.takes else prospective_run(workspace, step, files)

    def tell(words: str, part: float | None = None) -> None:
        on_progress(Progress(step.name, "working", words, part))

    settings, settings_used = declared_settings(step, workspace.settings)
    given = Given(
        settings=settings,
        run_id=computed.run_id if computed else "",
        started_at=datetime.fromtimestamp(started, UTC).isoformat(timespec="seconds"),
        files=used,
        asked=asked or {},
        tell=tell,
    )
    returned = _call(step, tables, given, computed)
    made = returned if isinstance(returned, Made) else Made([returned])
    this = computed or Run(step.name, version_of(step), 0, dict(made.parameters), dict(made.inputs))
    rows = _store(workspace, step, this, made.batches, started, first=first)
    seconds = time.time() - started
    on_progress(Progress(step.name, "done", seconds=seconds))
    return Result(
        step.name,
        this.run_id,
        seconds,
        rows,
        [str(path) for path in made.files],
        settled=settled,
        answer=made.answer,
        tables_read=frozenset(tables.used),
        settings_used=frozenset(settings_used),
    )


def check_doors(
    workspace: Workspace, names: Sequence[str], files: Mapping[str, Path] | None = None
) -> None:
    """Refuse what one of several steps could not work with, as `check_door` does for one.

    Args:
        workspace, names, files: as `walk` takes them.

    Raises:
        UsageError: as `check_door` raises it, for the first step that could not work.
    """
    for name in names:
        check_door(workspace, find_step(name), files, before=names)


def check_door(
    workspace: Workspace,
    step: Step,
    files: Mapping[str, Path] | None = None,
    *,
    before: Sequence[str] = (),
) -> dict[str, Path]:
    """Refuse what a step cannot work with beside its tables, before anything is run.

    Args:
        workspace: an open workspace.
        step: the step.
        files: side files to use in place of the workspace's own, by name.
        before: steps that will have run anew by then, so that what stands of them now is not asked.

    Returns:
        The path of each side file, by name.

    Raises:
        UsageError: a side file is missing, not understood, or means something by a name that no
            file of the other step declares; or the region's territories lie apart.
    """
    used = side_files(workspace, step, files)
    check_files(used, step)
    for file in step.files:
        path, other = used[file.name], file.refers
        if other is not None and path != file.shipped:
            other.check(path, partial(_declared_names, workspace, other, files, before))
    if any(name.startswith("region.") for name in step.settings):
        for group in workspace.settings.region.territories.values():
            refuse_apart(group, where=str(workspace.path / SETTINGS_FILE), in_settings=True)
    return used


def _declared_names(
    workspace: Workspace, other: Reference, files: Mapping[str, Path] | None, before: Sequence[str]
) -> set[str]:
    """Names that the other step's files declare, and those of its last run, made of other files."""
    step = find_step(other.step)
    used = side_files(workspace, step, files)
    known = {name for file in step.files if file.names for name in file.names(used[file.name])}
    ran = other.step not in before and workspace.last_run(other.step) is not None
    return known | (set(workspace.read(other.table)[other.column]) if ran else set())


def check_files(used: Mapping[str, Path], step: Step) -> None:
    """Read each side file as the step will read it, but for those that ship with tocsin.

    That these are understood is seen by a test; to read them anew before each step took a second
    of a walk.

    Args:
        used: the path of each side file, by name.
        step: the step, which declares its side files.

    Raises:
        UsageError: a file is missing or not understood.
    """
    for file in step.files:
        path = used[file.name]
        if not path.is_file():
            raise UsageError("There is no such file.", where=str(path))
        if path != file.shipped:
            file.check(path)


def _read_kept(workspace: Workspace, step: Step, files: Mapping[str, Path] | None) -> Result | None:
    last = workspace.last_run(step.name)
    if last is None or not is_kept(workspace, step, files):
        return None
    return Result(step.name, last["run_id"], 0.0, last["rows"], skipped=True)


def _settle(workspace: Workspace, step: Step, tables: Tables) -> str:
    """Write a setting that follows from the tables; which it is and why, in a sentence."""
    found = step.settle and step.settle(tables, workspace.settings)
    if not found:
        return ""
    workspace.settle(found.name, found.value, found.why)
    return f"'{found.value}' is taken, {found.why}: `{found.name}` in {SETTINGS_FILE} says so now."


def _call(step: Step, tables: Tables, given: Given, this: Run | None) -> Tables | Made:
    """What the step's function returns; of a cached step, what this code returned before."""
    if this is None or not is_cached(step, given.settings, given.files):
        return step.function(tables, given)

    def compute() -> Tables:
        returned = step.function(tables, given)
        assert not isinstance(returned, Made), "a cached step returns tables and nothing else"
        return returned

    return cache.remember_tables("steps", cache_key(this), compute)


def _store(
    workspace: Workspace,
    step: Step,
    this: Run,
    batches: Iterable[Tables],
    started: float,
    *,
    first: Before | None = None,
) -> dict[str, int]:
    """Write the batches as one run; rows by table."""
    rows: dict[str, int] = {}

    def check_declared() -> Iterator[Tables]:
        for tables in batches:
            strange = sorted(set(tables) - set(step.writes))
            if strange:
                raise _breach(step, f"returns the tables {strange}, which it does not declare")
            for name, frame in tables.items():
                rows[name] = rows.get(name, 0) + frame.height
            yield tables
        missing = sorted(set(step.writes) - set(rows))
        if missing and not step.takes:
            raise _breach(step, f"does not return the tables {missing} that it declares")

    workspace.write_stream(this, check_declared(), add=step.takes, started=started, first=first)
    return rows


def _breach(step: Step, what: str) -> ContractBroken:
    return ContractBroken(f"The step '{step.name}' {what}.", where=step.function.__module__)
