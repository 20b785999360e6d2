"""The road: each stage bound to a workspace, and all five in a row.

A stage knows only tables. Here its tables are read from the workspace, its function is
called with the workspace's settings, and what it returns is stored as one run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from tocsin.base.about import STAGES, VERSION
from tocsin.errors import PluginFailed, SourceRefused, StageNotReady, UsageError
from tocsin.schema import STAGE_TABLES, TABLES
from tocsin.schema.run import Run
from tocsin.schema.settings import Settings
from tocsin.workspace import watch
from tocsin.workspace.chain import APPEND_ONLY
from tocsin.workspace.store import Workspace

if TYPE_CHECKING:
    from tocsin.observe import Reading
    from tocsin.observe.mapping.mapped import Mapped

Tables = dict[str, pl.DataFrame]
Progress = Callable[[str], None]

INPUTS: dict[str, tuple[str, ...]] = {
    "observe": (),
    "assess": ("reports", "claims", "actors", "actor_relations", "actor_decisions"),
    "anticipate": ("series", "covariates"),
    "plan": ("incidents", "series", "adoption", "forecasts"),
    "share": tuple(name for name in TABLES if name not in APPEND_ONLY),
}
"""Which tables each stage reads."""

NEEDED: dict[str, tuple[str, ...]] = {
    "observe": (),
    "assess": ("reports",),
    "anticipate": ("series",),
    "plan": ("incidents", "series", "forecasts"),
    "share": ("forecasts", "track_record"),
}
"""Which of them may not be empty."""


@dataclass(frozen=True)
class Result:
    """What one run of one stage left: rows by table, and for `share` the files written."""

    stage: str
    run_id: str
    seconds: float
    rows: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    skipped: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The result for machines."""
        return dict(vars(self))


def observe(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    mapping: Path | None = None,
    on_rows: Callable[[str, int], None] | None = None,
) -> list[dict[str, Any]]:
    """Read files into the workspace, each in its own transaction.

    Args:
        workspace: an open workspace.
        paths: files of any source that `tocsin.observe` knows.
        mapping: a mapping file by which to read them all, whatever they look like.
        on_rows: told the file's name and the rows read so far, batch by batch.

    Returns:
        One dict a file: `file, source, rows, accepted, quarantined, outside`; a file refused
        whole has zero rows and an `error`, and the others are still read.

    Raises:
        UsageError: a path does not exist, or the mapping is wrong; nothing was read.
    """
    from tocsin.observe.mapping.mapped import Mapped, load

    for path in paths:
        if not path.is_file():
            raise UsageError("There is no such file.", where=str(path))
    say = on_rows or (lambda _file, _rows: None)
    reader = Mapped(load(mapping)) if mapping else None
    return [_observe_one(workspace, path, reader, say) for path in paths]


FATE = ("source", "rows", "accepted", "quarantined", "outside")
"""What is told of a file that was read."""


def _observe_one(
    workspace: Workspace, path: Path, mapped: Mapped | None, say: Callable[[str, int], None]
) -> dict[str, Any]:
    from tocsin.observe import Source, reading

    started = time.time()
    try:
        found = reading(Source.of_path(path), mapped)
        inputs = {path.name: found.source.sha256}
        parameters = {"kind": found.reader.kind}
        if mapped is not None:
            parameters["mapping"] = mapped.digest
        run = Run("observe", VERSION, 0, parameters, inputs)
        workspace.write_stream(run, _told(found, say), started=started)
    except (SourceRefused, PluginFailed) as error:
        nothing = {name: None if name == "source" else 0 for name in FATE}
        return {"file": path.name, **nothing, "error": error.as_dict()}
    return {"file": path.name, **{name: found.fate[name] for name in FATE}}


def _told(found: Reading, say: Callable[[str, int], None]) -> Iterator[Tables]:
    for tables in found:
        yield tables
        say(found.source.name, found.rows)


def assess(workspace: Workspace) -> Result:
    """Reports to incidents, technology tags and the adoption ledger."""
    return _run(workspace, "assess", _assess)


def anticipate(workspace: Workspace) -> Result:
    """Series to forecasts as draws, with their track record, and the alerts that follow.

    What is forecast also goes into the ledger, where it stays.

    Raises:
        UsageError: the workspace's rules are not understood; nothing was computed.
    """
    watch.rules_of(workspace)
    result = _run(workspace, "anticipate", _anticipate, also=watch.issued)
    return replace(result, rows=result.rows | watch.alerts(workspace)[1])


def plan(workspace: Workspace) -> Result:
    """Portfolios compared in the same simulated futures."""
    return _run(workspace, "plan", _plan)


def share(
    workspace: Workspace, out: Path, *, pdf: bool = False, formats: Sequence[str] = ()
) -> Result:
    """Write the brief of what the workspace holds.

    Args:
        workspace: an open workspace.
        out: the folder to write `index.html` and `brief.json` into.
        pdf: also write `brief.pdf` (needs the extra `pdf`).
        formats: names of forms (`tocsin.share.brief`); none: the page and the JSON.
    """
    from tocsin.share import FORMATS
    from tocsin.share import brief as write_brief

    started = time.time()
    run = prospective_run(workspace, "share")
    workspace.require(*NEEDED["share"])
    written = write_brief(
        gathered(workspace), workspace.settings, out=out, pdf=pdf, formats=formats or FORMATS
    )
    workspace.write(run, {}, started=started)
    files = [str(path) for path in written]
    return Result("share", run.run_id, time.time() - started, files=files)


def gathered(workspace: Workspace) -> Tables:
    """All tables, with their provenance columns, as `share` reads them."""
    return {name: workspace.read(name, provenance=True) for name in INPUTS["share"]}


def brief(
    workspace: Workspace, out: Path, *, pdf: bool = False, on_stage: Progress | None = None
) -> list[Result]:
    """Walk the whole road; a stage whose inputs have not changed is not computed again.

    A workspace into which nothing was read yet gets the example region that ships with
    the package.
    """
    say = on_stage or (lambda _stage: None)
    results = []
    say("observe")
    if workspace.count("files") == 0:
        results.append(_observe_example(workspace))
    for stage, function in (("assess", assess), ("anticipate", anticipate), ("plan", plan)):
        say(stage)
        fresh = _last_if_fresh(workspace, stage)
        results.append(fresh or function(workspace))
        if fresh and stage == "anticipate":
            watch.alerts(workspace)
    say("share")
    return [*results, share(workspace, out, pdf=pdf)]


def _observe_example(workspace: Workspace) -> Result:
    from tocsin.observe import example_files

    started = time.time()
    fates = observe(workspace, example_files())
    for fate in fates:
        if "error" in fate:
            raise SourceRefused(fate["error"]["what"], where=fate["file"])
    rows = {table: workspace.count(table) for table in STAGE_TABLES["observe"]}
    last = workspace.last_run("observe")
    return Result("observe", last["run_id"] if last else "", time.time() - started, rows)


def statements(workspace: Workspace) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is said of organisations, decisions of a minute ago included: names and links."""
    from tocsin.assess.actors import statements as compute

    tables = ("actors", "actor_relations", "reports", "actor_decisions")
    return compute(*(workspace.read(name) for name in tables))


def assert_relation(
    workspace: Workspace, name: str, relation: str, other: str, how: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep a decision on how two organisations are related; see `assess.actors.desk`."""
    from tocsin.assess.actors.desk import assertion

    return _decide(workspace, assertion(statements(workspace), name, relation, other, **how))


def withdraw_statement(
    workspace: Workspace, statement_id: str, how: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep a withdrawal of what a source, or somebody here, said of an organisation."""
    from tocsin.assess.actors.desk import withdraw

    return _decide(workspace, withdraw(statements(workspace), statement_id, **how))


def now() -> datetime:
    """The moment of a decision (UTC); decisions are data, their time is part of them."""
    return datetime.now(UTC).replace(tzinfo=None)


def _decide(workspace: Workspace, row: pl.DataFrame) -> dict[str, Any]:
    said = row.to_dicts()[0]
    what = {name: str(said[name]) for name in ("statement_id", "decision", "asserted_at")}
    run = Run("observe", VERSION, 0, {"kind": "actor decision", **what})
    workspace.write(run, {"actor_decisions": row}, add=True, started=time.time())
    return said


def status(workspace: Workspace) -> list[dict[str, Any]]:
    """Where the workspace stands: one dict a stage.

    Keys: `stage`, `state` ('not run', 'up to date', 'out of date'), `run_id`,
    `started_at`, `seconds`, `rows` (table to count).
    """
    found = []
    for stage in STAGES:
        last = workspace.last_run(stage)
        state = "not run"
        if last is not None:
            same = stage == "observe" or last["run_id"] == prospective_run(workspace, stage).run_id
            state = "up to date" if same else "out of date"
        found.append(
            {
                "stage": stage,
                "state": state,
                "run_id": last and last["run_id"],
                "started_at": last and last["started_at"].isoformat(timespec="seconds"),
                "seconds": last and round(last["seconds"], 1),
                "rows": {table: workspace.count(table) for table in STAGE_TABLES[stage]},
            }
        )
    return found


def prospective_run(workspace: Workspace, stage: str) -> Run:
    """The run that computing a stage now would be, known before computing it."""
    settings = workspace.settings.model_dump(mode="json")
    seed = settings.pop("seed")
    tables = [name for name in INPUTS[stage] if name not in STAGE_TABLES[stage]]
    return Run(stage, VERSION, seed, settings, workspace.fingerprints(tables))


def _last_if_fresh(workspace: Workspace, stage: str) -> Result | None:
    last = workspace.last_run(stage)
    if last is None or last["run_id"] != prospective_run(workspace, stage).run_id:
        return None
    return Result(stage, last["run_id"], 0.0, last["rows"], skipped=True)


def _run(
    workspace: Workspace,
    stage: str,
    compute: Callable[[Tables, Settings], Tables],
    *,
    also: Callable[[Run, Tables, float], Tables] | None = None,
) -> Result:
    started = time.time()
    workspace.require(*NEEDED[stage])
    run = prospective_run(workspace, stage)
    inputs = {name: workspace.read(name) for name in INPUTS[stage]}
    tables = compute(inputs, workspace.settings)
    if also:
        tables |= also(run, inputs | tables, started)
    workspace.write(run, tables, started=started)
    rows = {name: frame.height for name, frame in tables.items()}
    return Result(stage, run.run_id, time.time() - started, rows)


def _assess(tables: Tables, settings: Settings) -> Tables:
    del settings
    from tocsin.assess import assess as compute

    return compute(**{name: tables[name] for name in INPUTS["assess"]})


def _anticipate(tables: Tables, settings: Settings) -> Tables:
    from tocsin.anticipate import anticipate as compute

    series = tables["series"].filter(pl.col("target") == settings.target)
    if series.is_empty():
        raise StageNotReady(
            f"There is no series '{settings.target}'.",
            remedy="Observe one, or name another `target` in tocsin.toml.",
        )
    return compute(series, horizons=settings.horizons, draws=settings.draws, seed=settings.seed)


def _plan(tables: Tables, settings: Settings) -> Tables:
    from tocsin.plan import plan as compute

    return compute(
        tables, gwnos=settings.region.gwnos, futures=settings.futures, seed=settings.seed
    )
