"""The runner: any step, bound to a workspace by what it declares.

It looks whether the step can run, lets it read what it declares, checks what it returns, and
stores that as one run. The run's id is a digest of the declared inputs and settings, so the
runner knows before computing whether a result would be the one that is there already.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl

from tocsin.base import cache
from tocsin.base.about import VERSION
from tocsin.base.toml import check_regular
from tocsin.errors import ContractBroken, StageNotReady, UsageError
from tocsin.schema import TABLES, columns, conform
from tocsin.schema.run import Run
from tocsin.schema.step import Given, Made, Step, Tables
from tocsin.workspace.ahead import WAITING, Ahead, Request, can_compute_ahead, find_ahead
from tocsin.workspace.chain import APPEND_ONLY, provenance, verify_chain
from tocsin.workspace.declared import DeclaredTables, declared_settings, values
from tocsin.workspace.steps import find_step
from tocsin.workspace.store import Before, Workspace


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
    answer: Any = None
    tables_read: frozenset[str] = frozenset()
    settings_used: frozenset[str] = frozenset()

    def as_dict(self) -> dict[str, Any]:
        """Give the result as a dict of values that JSON can hold."""
        told = "stage", "run_id", "seconds", "rows", "files", "skipped", "left_out"
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
    for step in chosen:
        check_files(side_files(workspace, step, files), step)
    found, asked_ahead = [], False
    with ExitStack() as beside:
        for number, step in enumerate(chosen):
            kept = None if step.name in anew else _read_kept(workspace, step, files)
            if kept:
                on_progress(Progress(step.name, "kept"))
            try:
                if not kept:
                    if not asked_ahead and (more := _ask(workspace, chosen[number:], files, ahead)):
                        asked_ahead, ahead = True, ahead or beside.enter_context(Ahead())
                        ahead.ask(more)
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


@contextmanager
def beginning_ahead(
    workspace: Workspace, names: Sequence[str], before: str
) -> Iterator[Ahead | None]:
    """Prepare steps in a second process while the one that feeds them runs for the first time.

    Args:
        workspace: an open workspace.
        names: names of the steps to come, in their order.
        before: the name of the step that runs.

    Yields:
        The process, for the walk of these steps; None where there is none.
    """
    if not can_compute_ahead() or workspace.last_run(before):
        return (yield None)
    steps = [find_step(name) for name in names]
    found = find_ahead(steps, find_step(before).writes, lambda _name: False)
    used = {step.name: side_files(workspace, step, None) for step in found}
    with Ahead() as ahead:
        ahead.ask(Request(tuple(used), workspace.settings, {}, used))
        yield ahead


def _ask(
    workspace: Workspace,
    steps: Sequence[Step],
    files: Mapping[str, Path] | None,
    ahead: Ahead | None,
) -> Request | None:
    """What else is worth doing ahead while the first of these steps runs; None: nothing."""
    long, *later = steps
    if not long.cached or not can_compute_ahead():
        return None
    if cache.holds("steps", _key(prospective_run(workspace, long, files))):
        return None  # it is not long
    begun = [step for step in later if ahead and step.name in ahead.steps]
    found = find_ahead(later, long.writes, lambda name: workspace.count(name) > 0)
    found = [one for one in found if one not in begun and not _read_kept(workspace, one, files)]
    coming = {name for step in steps for name in step.writes}
    tables: dict[str, pl.DataFrame] = {}
    for step in found if any(step.ahead for step in found) else ():
        for name in set(step.reads) - coming - set(tables):
            tables[name] = _check(workspace, name, step)
    used = {step.name: side_files(workspace, step, files) for step in found}
    return Request(tuple(used), workspace.settings, tables, used) if found else None


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
    used = side_files(workspace, step, files)
    check_files(used, step)
    workspace.check_filled(*step.needs)
    if ahead is not None and ahead.works_on(step.name):
        on_progress(Progress(step.name, "working", WAITING))
        ahead.wait_for(step.name)
    computed = None if step.takes else prospective_run(workspace, step, files)
    tables = DeclaredTables(step, lambda name: _check(workspace, name, step))

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
    this = computed or Run(step.name, VERSION, 0, dict(made.parameters), dict(made.inputs))
    rows = _store(workspace, step, this, made.batches, started, first=first)
    seconds = time.time() - started
    on_progress(Progress(step.name, "done", seconds=seconds))
    return Result(
        step.name,
        this.run_id,
        seconds,
        rows,
        [str(path) for path in made.files],
        answer=made.answer,
        tables_read=frozenset(tables.used),
        settings_used=frozenset(settings_used),
    )


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
    return Run(step.name, VERSION, seed, parameters, workspace.fingerprints(step.inputs))


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
    if last is None or last["run_id"] != prospective_run(workspace, step, files).run_id:
        return None
    return Result(step.name, last["run_id"], 0.0, last["rows"], skipped=True)


def _call(step: Step, tables: Tables, given: Given, this: Run | None) -> Tables | Made:
    """What the step's function returns; of a cached step, what this code returned before."""
    kept = step.cached(given) if callable(step.cached) else step.cached
    if not kept or this is None:
        return step.function(tables, given)

    def compute() -> Tables:
        returned = step.function(tables, given)
        assert not isinstance(returned, Made), "a cached step returns tables and nothing else"
        return returned

    return cache.remember_tables("steps", _key(this), compute)


def _key(this: Run) -> dict[str, Any]:
    """All that decides what a cached step returns."""
    return {**asdict(this), "code": cache.code(Path(__file__).parents[1])}


def _check(workspace: Workspace, name: str, step: Step) -> pl.DataFrame:
    """A table as the step reads it: its rows obey the schema, and its chain is whole."""
    frame = workspace.read(name, provenance=step.provenance or name in APPEND_ONLY)
    if name in APPEND_ONLY:
        verify_chain(frame, name, where=str(workspace.path))
        frame = frame if step.provenance else frame.select(columns(TABLES[name]))
    content = conform(TABLES[name], frame.select(columns(TABLES[name])))
    marks = provenance(name) if step.provenance else ()
    return content.with_columns(frame[mark] for mark in marks)


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
