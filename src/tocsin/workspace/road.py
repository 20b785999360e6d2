"""The road, verb by verb: what each verb of the command line does with a workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from tocsin.base.atomic import check_folder
from tocsin.base.moved import old_parameters
from tocsin.base.paths import PathLike, as_path
from tocsin.errors import PluginFailed, SourceRefused, UsageError
from tocsin.workspace import runner, shelf
from tocsin.workspace.ahead import beginning_ahead
from tocsin.workspace.chain import APPEND_ONLY
from tocsin.workspace.runner import OnProgress, Progress, Result, run, show_nothing, walk
from tocsin.workspace.status import refuse_stale, superseded_series
from tocsin.workspace.steps import find_step
from tocsin.workspace.store import Before, Workspace

if TYPE_CHECKING:
    from tocsin.observe.mapping.mapped import Mapped
    from tocsin.observe.sources.stix import Stix

FATE = ("source", "rows", "accepted", "quarantined", "outside")
"""What is told of a file that was read."""
NO_LOSS = ("superseded", "total")
"""Rules by which nothing is lost: the record stands in a newer version, or sums up others."""
SHARED = ("assess", "diffuse", "anticipate", "alerts", "plan")
"""The steps of whose results a brief tells."""


@old_parameters(on_rows=None)
def observe(
    workspace: Workspace,
    paths: PathLike | Sequence[PathLike],
    *,
    mapping: PathLike | None = None,
    replaces: str | None = None,
    markings: Sequence[str] = (),
    on_progress: OnProgress = show_nothing,
) -> list[dict[str, Any]]:
    """Read files into the workspace, each in its own transaction.

    Args:
        workspace: an open workspace.
        paths: files of any source that `tocsin.observe` knows; a folder stands for its files.
        mapping: a mapping file by which to read them all, whatever they look like.
        replaces: a file that was read before, in whose place the one file is read; `shelf.undo`
            brings it back.
        markings: what the user says of markings in STIX that are not known here, each as
            'NAME=LEVEL' (`observe.checks.tlp.read_declared`).
        on_progress: is told how the reading of each file goes, batch by batch.

    Returns:
        A dict for each file: `file, source, rows, accepted, quarantined, outside`; `notes`
        (sentences on what was read otherwise than it stands), `share_refused` (0 to 1, without
        records that stand in a newer version or sum up others), and where rows were refused or
        doubted `commonest` and `doubtful` (`shelf.commonest_refusal`, `_doubt`). A file that was
        refused whole has zero rows and an `error`, and the others are still read.

    Raises:
        UsageError: a path does not exist, the mapping is wrong, or there is no such file to
            replace; nothing was read.
    """
    from tocsin.observe.checks.tlp import read_declared
    from tocsin.observe.formats.file import input_files
    from tocsin.observe.mapping.mapped import Mapped, load

    paths = input_files(paths)
    reader = Mapped(load(as_path(mapping, name="mapping"))) if mapping is not None else None
    if replaces is not None and len(paths) != 1:
        raise UsageError("One file replaces another.", remedy="Name one file with --replaces.")
    first = shelf.make_replacement(workspace, replaces) if replaces is not None else None
    said = read_declared(markings)
    return [
        _observe_one(workspace, path, reader or _marking_reader(path, said), first, on_progress)
        for path in paths
    ]


def _marking_reader(path: Path, markings: Mapping[str, str]) -> Stix | None:
    """A reader that knows what the user says of markings, for a file of STIX."""
    from tocsin.observe import Source
    from tocsin.observe.sources.stix import Stix

    reader = Stix(markings) if markings else None
    return reader if reader and reader.knows(Source.of_path(path)) else None


def _observe_one(
    workspace: Workspace,
    path: Path,
    mapped: Mapped | Stix | None,
    first: Before | None,
    on_progress: OnProgress,
) -> dict[str, Any]:
    step, asked = find_step("observe"), {"path": path, "reader": mapped}
    try:
        made = run(workspace, step, asked=asked, first=first, on_progress=on_progress)
    except (SourceRefused, PluginFailed) as error:
        nothing = {name: None if name == "source" else 0 for name in FATE}
        return {"file": path.name, **nothing, "error": error.as_dict()}
    fate = made.answer.fate
    shelf.remember_place(workspace, fate["sha256"], path)
    told = {"file": path.name, **{name: fate[name] for name in FATE}}
    elsewhere = shelf.say_elsewhere(workspace, made.run_id)
    told["notes"] = [*made.answer.source.notes, *([elsewhere] if elsewhere else [])]
    doubts = workspace.read("corrections", provenance=True).filter(run_id=made.run_id)
    told |= {"doubtful": shelf.commonest_doubt(doubts)} if doubts.height else {}
    if not fate["quarantined"]:
        return told | {"share_refused": 0.0}
    aside = workspace.read("quarantine", provenance=True).filter(run_id=made.run_id)
    lost = aside.filter(~pl.col("rule").is_in(NO_LOSS))
    told["share_refused"] = lost.height / fate["rows"]
    return told | ({"commonest": shelf.commonest_refusal(lost)} if lost.height else {})


def assess(workspace: Workspace, *, on_progress: OnProgress = show_nothing) -> Result:
    """Run the step `assess`: join reports to incidents, tag technology, keep the adoption ledger.

    Args:
        workspace: an open workspace with reports; the results are stored in it.
        on_progress: is told in words what is being done, and what part of it is done.

    Returns:
        What the step made. If nothing that it uses has changed, it is not run again.

    Raises:
        StageNotReady: the workspace has no reports.
    """
    return run(workspace, find_step("assess"), on_progress=on_progress)


def anticipate(workspace: Workspace, *, on_progress: OnProgress = show_nothing) -> Result:
    """Run the step `anticipate`: forecast the series as draws, with their track record.

    How technology spreads, and the alerts that follow, are computed too. What is forecast also goes
    into the ledger, where it stays.

    Args:
        workspace: an open workspace with a series; the results are stored in it.
        on_progress: this function is told in words what is being done, and what part of it is done.

    Returns:
        What the step `anticipate` made. If nothing that it uses has changed, it is not run again.

    Raises:
        UsageError: the workspace's rules are not understood; nothing was computed.
        StageNotReady: the workspace has no series, or its history is too short to be scored.
        MissingExtra: the extra `anticipate` is not installed.
    """
    steps = ("anticipate", "diffuse", "alerts")
    made, *others = walk(workspace, steps, anew=("anticipate",), on_progress=on_progress)
    for one in others:
        made = replace(made, seconds=made.seconds + one.seconds, rows=made.rows | one.rows)
    return made


@old_parameters(path="rules")
def alerts(
    workspace: Workspace, rules: PathLike | None = None, *, on_progress: OnProgress = show_nothing
) -> Result:
    """Run the step `alerts`: say where each rule stands, and how well it did in the past.

    Nothing is computed again that has not changed.

    Args:
        workspace: an open workspace in which forecasts were made.
        rules: a file of rules; None: the workspace's `alerts.toml`, or else those that ship.
        on_progress: this function is told in words what is being done.

    Returns:
        What the step made.

    Raises:
        UsageError: a rule is not understood.
        StageNotReady: there is no forecast yet.
    """
    from tocsin.anticipate.alerts import RULES_FILE

    files = None if rules is None else {RULES_FILE: as_path(rules, name="rules")}
    return walk(workspace, ("alerts",), files=files, on_progress=on_progress)[0]


@dataclass(frozen=True)
class Tracked:
    """This holds what tracking found.

    `scored` is the number of rows that were scored now, `calibration` the table of that name, and
    `heads` the number of rows and the last hash of both ledgers.
    """

    run_id: str
    scored: int
    calibration: pl.DataFrame
    heads: dict[str, tuple[int, str]]

    @property
    def lost(self) -> pl.DataFrame:
        """These are the rows of the table `calibration` at which calibration is lost."""
        last = self.calibration.group_by("target", "horizon", maintain_order=True).last()
        return last.filter("lost")


def track(workspace: Workspace, *, on_progress: OnProgress = show_nothing) -> Tracked:
    """Score past forecasts against what has come since, and test whether they are still calibrated.

    Args:
        workspace: an open workspace in which forecasts were issued; the scores are stored in it.
        on_progress: this function is told in words what is being done.

    Returns:
        How many rows were scored, the table `calibration`, and the heads of both ledgers.

    Raises:
        StageNotReady: no forecast was ever issued here.
        WorkspaceError: the ledger was changed behind tocsin's back; nothing is scored.
    """
    made = run(workspace, step := find_step("track"), on_progress=on_progress)
    heads = {name: workspace.head(name) for name in step.reads if name in APPEND_ONLY}
    scored = made.rows["forecast_scores"]
    return Tracked(made.run_id, scored, workspace.read("calibration"), heads)


def plan(
    workspace: Workspace,
    portfolios: PathLike | None = None,
    *,
    futures: int | None = None,
    workers: Any = 1,
    on_progress: OnProgress = show_nothing,
    parts: bool | Sequence[str] = False,
    late: Sequence[float] = (),
) -> Result:
    """Run the step `plan`: compare portfolios in the same futures; or the step `parts`.

    Args:
        workspace: one with forecasts; the results are stored in it.
        portfolios: a file; None: the workspace's `portfolios.toml`, or else the one that ships.
        futures: how many are simulated for each portfolio; None: as many as the settings say.
        workers: processes, or a client of Dask; the results are the same.
        on_progress: this function is told in words what is being done.
        parts: portfolios that are played without one lever each and begun later, or True for all,
            in place of the plan. Pages tell of them as long as they are of their plan.
        late: months by which they begin later; none: 12 and 24.

    Returns:
        What the step made; it is run whether anything has changed or not.

    Raises:
        UsageError: something in the file is not understood, or crosses a limit.
        StageNotReady: there is no forecast, or it was made of other data or settings.
        MissingExtra: the extra `plan` is not installed.
    """
    from tocsin.plan.portfolios import PORTFOLIOS_FILE

    own = {} if portfolios is None else {PORTFOLIOS_FILE: as_path(portfolios, name="portfolios")}
    refuse_stale(workspace, ("assess", "anticipate"))
    kept, more = workspace.settings, {} if futures is None else {"futures": futures}
    workspace.settings = kept.model_copy(update=more)
    asked: dict[str, Any] = {"workers": workers}
    if parts:
        asked |= {"portfolios": [] if parts is True else list(parts), "late": tuple(late)}
    try:
        step = find_step("parts" if parts else "plan")
        return run(workspace, step, files=own, asked=asked, on_progress=on_progress)
    finally:
        workspace.settings = kept


def share(
    workspace: Workspace,
    out: PathLike,
    *,
    pdf: bool = False,
    formats: Sequence[str] = (),
    on_progress: OnProgress = show_nothing,
) -> Result:
    """Write the brief of what the workspace holds.

    Args:
        workspace: an open workspace.
        out: the folder to write pages and forms into.
        pdf: True also writes `brief.pdf` (it needs the extra `pdf`).
        formats: names of forms (`tocsin.share.brief`); none: the page and the JSON.
        on_progress: this function is told in words what is being done.

    Returns:
        The run; its `answer` is what the brief says, as plain values.

    Raises:
        StageNotReady: a result of which the brief would tell was made of other data or
            settings, or nothing that was read speaks of the region.
    """
    out = as_path(out, name="out")
    check_folder(out)
    refuse_stale(workspace, SHARED)
    asked = _share_settings(workspace, out, _forms(pdf, formats))
    return run(workspace, find_step("share"), asked=asked, on_progress=on_progress)


def _share_settings(workspace: Workspace, out: Path, formats: Sequence[str]) -> dict[str, Any]:
    # It cannot see what was superseded in tables of what counts.
    return {"out": out, "formats": formats, "superseded": superseded_series(workspace)}


def _forms(pdf: bool, formats: Sequence[str] = ()) -> list[str]:
    from tocsin.share import FORMATS

    return [*(formats or FORMATS), *(["pdf"] if pdf else [])]


@old_parameters(on_stage=None)
def brief(
    workspace: Workspace | PathLike,
    out: PathLike,
    *,
    pdf: bool = False,
    on_progress: OnProgress = show_nothing,
) -> list[Result]:
    """Walk the whole road; a step whose inputs have not changed is not computed again.

    A workspace into which nothing was read yet gets the example region that ships with
    the package. A step that has nothing to work on is left out: without events there is
    nothing to assess, and without a history nothing to forecast.

    Args:
        workspace: an open workspace, or the folder of one (`tocsin init` makes it); all results
            are stored in it.
        out: the folder to write pages and forms into.
        pdf: True also writes `brief.pdf` (it needs the extra `pdf`).
        on_progress: this function is told in words what is being done.

    Returns:
        A result for each step, in the order of the road.

    Raises:
        UsageError: there is no workspace in the folder, or a file of rules is not understood.
        StageNotReady: nothing that was read speaks of the region.
        MissingExtra: an extra that a step needs is not installed.
    """
    out = as_path(out, name="out")
    if not isinstance(workspace, Workspace):
        with Workspace.open(workspace) as opened:
            return brief(opened, out, pdf=pdf, on_progress=on_progress)
    check_folder(out)
    runner.check_doors(workspace, SHARED)
    with beginning_ahead(workspace, SHARED, "observe") as ahead:
        return _observe_example(workspace, on_progress) + walk(
            workspace,
            (*SHARED, "share"),
            anew=("share",),
            asked=_share_settings(workspace, out, _forms(pdf)),
            with_what_is_there=True,
            ahead=ahead,
            on_progress=on_progress,
        )


def _observe_example(workspace: Workspace, on_progress: OnProgress) -> list[Result]:
    from tocsin.observe import example_files

    if workspace.count("files"):
        on_progress(Progress("observe", "kept"))
        return []
    seconds = 0.0

    def as_one(now: Progress) -> None:
        """The files are read by a run each; people are shown one step."""
        nonlocal seconds
        seconds += now.seconds
        if now.state == "working":
            on_progress(now)

    on_progress(Progress("observe", "begun"))
    for fate in observe(workspace, example_files(), on_progress=as_one):
        if "error" in fate:
            raise SourceRefused(fate["error"]["what"], where=fate["file"])
    on_progress(Progress("observe", "done", seconds=seconds))
    rows = {table: workspace.count(table) for table in find_step("observe").writes}
    last = workspace.last_run("observe")
    return [Result("observe", last["run_id"] if last else "", seconds, rows)]


def gather(workspace: Workspace) -> dict[str, pl.DataFrame]:
    """Read the tables of which `share` tells, with their provenance.

    Args:
        workspace: an open workspace.

    Returns:
        The tables by name.
    """
    return {name: workspace.read(name, provenance=True) for name in find_step("share").reads}
