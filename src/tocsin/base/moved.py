"""Old names of modules and functions, which go on working for one release with a warning.

In 0.2 the rooms of the house were divided: `tocsin.anticipate.backtest`, for one, is now
`tocsin.anticipate.evaluation.backtest`. Whoever imports the old name gets the new module.
Functions whose old name was no verb, or stood for two things, have a new one likewise.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

ROOT = "tocsin."

P = ParamSpec("P")
R = TypeVar("R")

MOVED: dict[str, str] = {
    "anticipate.alerts.anomaly": "anticipate.alerts.stream.anomaly",
    "anticipate.alerts.evidence": "anticipate.alerts.records.evidence",
    "anticipate.alerts.fitting": "anticipate.alerts.stream.fitting",
    "anticipate.alerts.hawkes": "anticipate.alerts.stream.hawkes",
    "anticipate.alerts.incoming": "anticipate.alerts.stream.incoming",
    "anticipate.alerts.ladder": "anticipate.alerts.rules.ladder",
    "anticipate.alerts.recalibrate": "anticipate.alerts.records.recalibrate",
    "anticipate.alerts.record": "anticipate.alerts.records.record",
    "anticipate.alerts.reliability": "anticipate.alerts.records.reliability",
    "anticipate.alerts.replay": "anticipate.alerts.records.replay",
    "anticipate.alerts.sentence": "anticipate.alerts.rules.sentence",
    "anticipate.alerts.triggers": "anticipate.alerts.rules.triggers",
    "anticipate.alerts.value": "anticipate.alerts.records.value",
    "anticipate.backtest": "anticipate.evaluation.backtest",
    "anticipate.baselines": "anticipate.models.baselines",
    "anticipate.benchmarks": "anticipate.models.benchmarks",
    "anticipate.bootstrap": "anticipate.evaluation.bootstrap",
    "anticipate.breakdown": "anticipate.evaluation.breakdown",
    "anticipate.cases": "anticipate.evaluation.cases",
    "anticipate.data.teaching": "anticipate.data.training",
    "anticipate.drift": "anticipate.forecast_ledger.drift",
    "anticipate.empirical": "anticipate.models.empirical",
    "anticipate.explain": "anticipate.issue.explain",
    "anticipate.fading": "anticipate.models.fading",
    "anticipate.features": "anticipate.data.features",
    "anticipate.forecast": "anticipate.issue.forecast",
    "anticipate.forest": "anticipate.models.forest",
    "anticipate.history": "anticipate.data.history",
    "anticipate.ledger": "anticipate.forecast_ledger",
    "anticipate.ledger.drift": "anticipate.forecast_ledger.drift",
    "anticipate.ledger.issued": "anticipate.forecast_ledger.entries",
    "anticipate.mixture": "anticipate.models.mixture",
    "anticipate.network": "anticipate.models.network",
    "anticipate.panel": "anticipate.data.panel",
    "anticipate.pool": "anticipate.models.pool",
    "anticipate.recency": "anticipate.models.recency",
    "anticipate.runner": "anticipate.evaluation.runner",
    "anticipate.scores": "anticipate.evaluation.scores",
    "anticipate.teaching": "anticipate.data.training",
    "anticipate.track": "anticipate.evaluation.track_record",
    "anticipate.views": "anticipate.issue.views",
    "assess.actors.views": "assess.actors.directory",
    "assess.adoption": "assess.technology.adoption",
    "assess.attribution.evidence": "assess.attribution.choices",
    "assess.attribution.measure": "bench.attribution",
    "assess.bench": "bench.assess",
    "assess.lexicon": "assess.technology.lexicon",
    "assess.linkage.blocking": "assess.linkage.pairs.blocking",
    "assess.linkage.buckets": "assess.linkage.live.buckets",
    "assess.linkage.classes": "assess.linkage.pairs.classes",
    "assess.linkage.clusters": "assess.linkage.decisions.clusters",
    "assess.linkage.columns": "assess.linkage.records.columns",
    "assess.linkage.comparisons": "assess.linkage.pairs.comparisons",
    "assess.linkage.counts": "assess.linkage.records.counts",
    "assess.linkage.dates": "assess.linkage.records.dates",
    "assess.linkage.files": "observe.formats.table",
    "assess.linkage.growth": "assess.linkage.live.growth",
    "assess.linkage.measure": "bench.linkage.measure",
    "assess.linkage.meltt": "bench.linkage.meltt",
    "assess.linkage.model": "assess.linkage.decisions.model",
    "assess.linkage.parts": "assess.linkage.decisions.parts",
    "assess.linkage.places": "assess.linkage.names.places",
    "assess.linkage.rereport": "bench.linkage.rereport",
    "assess.linkage.scores": "bench.linkage.scores",
    "assess.linkage.stream": "assess.linkage.live.stream",
    "assess.linkage.surroundings": "assess.linkage.live.surroundings",
    "assess.linkage.ties": "assess.linkage.live.ties",
    "assess.linkage.vocabulary": "assess.linkage.live.vocabulary",
    "assess.reliability.bench": "bench.reliability.measure",
    "assess.reliability.published": "bench.reliability.published",
    "assess.reliability.world": "bench.reliability.world",
    "assess.users": "assess.technology.users",
    "chain": "workspace.chain",
    "database": "workspace.database",
    "moved": "base.moved",
    "observe.acled": "observe.sources.acled",
    "observe.cameo": "observe.sources.gdelt.cameo",
    "observe.characters": "observe.formats.characters",
    "observe.country_month": "observe.sources.country_month",
    "observe.country_year": "observe.sources.country_year",
    "observe.days": "observe.mapping.days",
    "observe.documents": "observe.formats.documents",
    "observe.eurepoc": "observe.sources.eurepoc",
    "observe.excel": "observe.formats.excel",
    "observe.gdelt": "observe.sources.gdelt.events",
    "observe.gdelt_blocks": "observe.sources.gdelt.blocks",
    "observe.gtd": "observe.sources.gtd",
    "observe.kobo": "observe.sources.kobo",
    "observe.parquet": "observe.formats.parquet",
    "observe.parties": "observe.checks.parties",
    "observe.places": "observe.checks.places",
    "observe.private": "observe.checks.private",
    "observe.records": "observe.formats.records",
    "observe.seen": "observe.checks.seen",
    "observe.source": "observe.formats.source",
    "observe.spans": "observe.checks.spans",
    "observe.stix": "observe.sources.stix",
    "observe.suggest": "observe.mapping.suggest",
    "observe.tlp": "observe.checks.tlp",
    "observe.ucdp_actors": "observe.sources.ucdp_actors",
    "observe.ucdp_ged": "observe.sources.ucdp_ged",
    "observe.unpack": "observe.formats.unpack",
    "observe.values": "observe.checks.values",
    "road": "workspace.road",
    "schema.actor": "schema.tables.observed.actor",
    "schema.adoption": "schema.tables.assessed.adoption",
    "schema.alert": "schema.tables.anticipated.alert",
    "schema.attribution": "schema.tables.assessed.attribution",
    "schema.cell": "schema.geography.prio_grid",
    "schema.cells": "schema.spreadsheet",
    "schema.channel": "schema.vocabulary.channel",
    "schema.claim": "schema.tables.observed.claim",
    "schema.forecast": "schema.tables.anticipated.forecast",
    "schema.heading": "schema.vocabulary.heading",
    "schema.incident": "schema.tables.assessed.incident",
    "schema.ledger": "schema.tables.anticipated.issued",
    "schema.lever": "schema.vocabulary.lever",
    "schema.outcome": "schema.tables.planned.outcome",
    "schema.region": "schema.geography.region",
    "schema.reliability": "schema.tables.assessed.reliability",
    "schema.report": "schema.tables.observed.report",
    "schema.series": "schema.tables.observed.series",
    "schema.technology": "schema.vocabulary.technology",
    "schema.territory": "schema.geography.territory",
    "share.alerts": "share.facts.alerts",
    "share.cell_map": "share.charts.cells",
    "watch": "workspace.road",
}
"""Old name to new, both below `tocsin`."""

RENAMED: dict[str, str] = {
    "anticipate.alerts.records.evidence.gather": (
        "anticipate.alerts.records.evidence.gather_evidence"
    ),
    "anticipate.alerts.records.recalibrate.recalibrated": (
        "anticipate.alerts.records.recalibrate.recalibrate"
    ),
    "anticipate.alerts.records.record.proven": "anticipate.alerts.records.record.has_record",
    "anticipate.alerts.records.record.rows": "anticipate.alerts.records.record.record_rows",
    "anticipate.alerts.records.record.run": "anticipate.alerts.records.record.walk_ladder",
    "anticipate.alerts.records.record.step": "anticipate.alerts.records.record.origin_step",
    "anticipate.alerts.records.replay.Said": "anticipate.alerts.records.replay.PastForecast",
    "anticipate.alerts.records.value.cheapest": (
        "anticipate.alerts.records.value.cheapest_threshold"
    ),
    "anticipate.alerts.records.value.surely_cheaper": (
        "anticipate.alerts.records.value.is_surely_cheaper"
    ),
    "anticipate.alerts.rules.declared.parsed": "anticipate.alerts.rules.declared.parse_rules",
    "anticipate.alerts.rules.declared.read": "anticipate.alerts.rules.declared.read_rules",
    "anticipate.alerts.rules.declared.shipped": "anticipate.alerts.rules.declared.default_rules",
    "anticipate.alerts.rules.ladder.around": "anticipate.alerts.rules.ladder.make_ladder",
    "anticipate.alerts.rules.ladder.start": "anticipate.alerts.rules.ladder.quiet_state",
    "anticipate.alerts.rules.ladder.step": "anticipate.alerts.rules.ladder.advance",
    "anticipate.alerts.rules.triggers.happened": "anticipate.alerts.rules.triggers.outcome",
    "anticipate.alerts.rules.triggers.needed": "anticipate.alerts.rules.triggers.deaths_needed",
    "anticipate.alerts.spread.evidence": "anticipate.alerts.spread.spread_evidence",
    "anticipate.alerts.stream.anomaly.Judged": "anticipate.alerts.stream.anomaly.DayJudgement",
    "anticipate.alerts.stream.anomaly.achieved": (
        "anticipate.alerts.stream.anomaly.simulated_alarm_rate"
    ),
    "anticipate.alerts.stream.anomaly.bar": "anticipate.alerts.stream.anomaly.alarm_threshold",
    "anticipate.alerts.stream.anomaly.delays": "anticipate.alerts.stream.anomaly.detection_delays",
    "anticipate.alerts.stream.anomaly.judged": "anticipate.alerts.stream.anomaly.judge_days",
    "anticipate.alerts.stream.hawkes.ahead": "anticipate.alerts.stream.hawkes.coming_counts",
    "anticipate.alerts.stream.hawkes.expected": "anticipate.alerts.stream.hawkes.expected_counts",
    "anticipate.alerts.stream.hawkes.memory": "anticipate.alerts.stream.hawkes.kernel_memory",
    "anticipate.alerts.stream.hawkes.tail": "anticipate.alerts.stream.hawkes.tail_probability",
    "anticipate.alerts.stream.incoming.incoming": (
        "anticipate.alerts.stream.incoming.find_anomalies"
    ),
    "anticipate.backtest_file": "anticipate.backtest_table",
    "anticipate.data.training.cases": "anticipate.data.training.draw_examples",
    "anticipate.data.training.peaceful": "anticipate.data.training.long_quiet",
    "anticipate.data.training.thinned": "anticipate.data.training.thin_quiet",
    "anticipate.evaluation.runner.run": "anticipate.evaluation.runner.run_backtest",
    "anticipate.evaluation.scores.covered": "anticipate.evaluation.scores.in_interval",
    "anticipate.evaluation.scores.pit_covered": "anticipate.evaluation.scores.pit_in_interval",
    "anticipate.evaluation.track_record.Scored": "anticipate.evaluation.track_record.ModelScores",
    "anticipate.evaluation.track_record.record": "anticipate.evaluation.track_record.track_record",
    "anticipate.explain_file": "anticipate.explain_table",
    "anticipate.forecast_file": "anticipate.forecast_table",
    "anticipate.forecast_ledger.drift.odds": "anticipate.forecast_ledger.drift.bet_payoffs",
    "anticipate.forecast_ledger.entries.issued": (
        "anticipate.forecast_ledger.entries.ledger_entries"
    ),
    "anticipate.forecast_ledger.entries.rank": "anticipate.forecast_ledger.entries.randomised_pit",
    "anticipate.forecast_ledger.entries.score": "anticipate.forecast_ledger.entries.score_entries",
    "anticipate.grid.around.known_of_cells": "anticipate.grid.around.cell_features",
    "anticipate.grid.around.levels": "anticipate.grid.around.past_levels",
    "anticipate.grid.around.shares": "anticipate.grid.around.country_shares",
    "anticipate.grid.events.split": "anticipate.grid.events.split_by_month",
    "anticipate.issue.explain.words": "anticipate.issue.explain.sentences",
    "anticipate.issue.forecast.silent": "anticipate.issue.forecast.left_out_units",
    "anticipate.issue.forecast.without_count": "anticipate.issue.forecast.left_out_units",
    "anticipate.left_out": "anticipate.left_out_countries",
    "anticipate.models.benchmarks.twelve": "anticipate.models.benchmarks.last_twelve_exact",
    "anticipate.models.benchmarks.with_neighbours": (
        "anticipate.models.benchmarks.last_twelve_neighbours"
    ),
    "anticipate.models.benchmarks.year_around": "anticipate.models.benchmarks.last_twelve_around",
    "anticipate.models.empirical.equally_likely": "anticipate.models.empirical.draw_equally",
    "anticipate.models.empirical.levels": "anticipate.models.empirical.quantile_levels",
    "anticipate.models.empirical.weighted": "anticipate.models.empirical.draw_weighted",
    "anticipate.models.fading.fading": "anticipate.models.fading.own_past",
    "anticipate.models.forest.Grove": "anticipate.models.forest.HorizonForest",
    "anticipate.models.forest.Rules": "anticipate.models.forest.ForestRules",
    "anticipate.models.forest.groves": "anticipate.models.forest.fit_forests",
    "anticipate.models.network.size": "anticipate.models.network.fit_size",
    "anticipate.models.pool.mixed": "anticipate.models.pool.mix",
    "assess.actors.desk.found_one": "assess.actors.desk.find_organisation",
    "assess.actors.desk.listing": "assess.actors.desk.list_organisations",
    "assess.actors.desk.read": "assess.actors.desk.look_up",
    "assess.actors.desk.taken_back": "assess.actors.desk.withdraw",
    "assess.attribution.Case": "assess.attribution.ChoiceSet",
    "assess.attribution.armed": "assess.attribution.armed_sides",
    "assess.attribution.case": "assess.attribution.choice_set",
    "assess.attribution.choices.Case": "assess.attribution.choices.ChoiceSet",
    "assess.attribution.choices.case": "assess.attribution.choices.choice_set",
    "assess.attribution.claims.apply": "assess.attribution.claims.apply_factors",
    "assess.attribution.contested": "assess.attribution.contested_sides",
    "assess.attribution.in_question": "assess.attribution.questioned_sides",
    "assess.attribution.sides.armed": "assess.attribution.sides.armed_sides",
    "assess.attribution.sides.contested": "assess.attribution.sides.contested_sides",
    "assess.attribution.sides.in_question": "assess.attribution.sides.questioned_sides",
    "assess.explained_incidents": "assess.group_reports",
    "assess.incidents.explained_incidents": "assess.incidents.group_reports",
    "assess.linkage.decisions.clusters.rivalry": "assess.linkage.decisions.clusters.settle_rivals",
    "assess.linkage.decisions.clusters.widened": "assess.linkage.decisions.clusters.join_parts",
    "assess.linkage.decisions.model.Chance": "assess.linkage.decisions.chance.Chance",
    "assess.linkage.link.learned": "assess.linkage.link.train_weights",
    "assess.linkage.link.lesson": "assess.linkage.link.choose_training_reports",
    "assess.linkage.link.written": "schema.spreadsheet.write_csv",
    "assess.linkage.live.buckets.Run": "assess.linkage.live.buckets.SortedRun",
    "assess.linkage.live.growth.distinct": "assess.linkage.live.growth.sorted_unique",
    "assess.linkage.live.growth.grown": "assess.linkage.live.growth.grow",
    "assess.linkage.live.growth.once": "assess.linkage.live.growth.unique_in_order",
    "assess.linkage.names.folding.aliases": "assess.linkage.names.folding.unambiguous_aliases",
    "assess.linkage.names.folding.folded_key": "assess.linkage.names.folding.key_of_folded",
    "assess.linkage.names.folding.joined": "assess.linkage.names.folding.join_spellings",
    "assess.linkage.names.folding.kilometres": "schema.geography.distance.flat_km",
    "assess.linkage.names.folding.sounded": "assess.linkage.names.folding.merge_sounds",
    "assess.linkage.names.places.placed": "assess.linkage.names.places.locate",
    "assess.linkage.pairs.blocking.sampled": "assess.linkage.pairs.blocking.in_sample",
    "assess.linkage.pairs.blocking.scattered": "assess.linkage.pairs.blocking.scatter",
    "assess.linkage.pairs.classes.with_classes": "assess.linkage.pairs.classes.add_classes",
    "assess.linkage.pairs.comparisons.compared": (
        "assess.linkage.pairs.comparisons.comparison_columns"
    ),
    "assess.linkage.written": "schema.spreadsheet.write_csv",
    "assess.reliability.casualties.fused": "assess.reliability.casualties.fuse_counts",
    "assess.reliability.sources.Judged": "assess.reliability.sources.Judgement",
    "assess.reliability.sources.Learned": "assess.reliability.sources.Reliability",
    "assess.reliability.votes.Said": "assess.reliability.votes.Testimony",
    "assess.reliability.votes.said": "assess.reliability.votes.collect_testimony",
    "assess.technology.tags.promising": "assess.technology.tags.candidate_texts",
    "bench.attribution.masked": "bench.attribution.predict_masked",
    "bench.linkage.measure.told": "bench.linkage.measure.retell",
    "bench.linkage.rereport.misspelt": "bench.linkage.rereport.misspell",
    "bench.linkage.rereport.with_centres": "bench.linkage.rereport.add_centres",
    "observe.checks.private.columns": "observe.checks.private.of_columns",
    "observe.checks.private.only": "observe.checks.private.keep_fields",
    "observe.checks.seen.hashed": "observe.checks.seen.hash_keys",
    "observe.reader.sort": "observe.reader.parse_records",
    "observe.sort": "observe.parse_records",
    "observe.sources.eurepoc.flattened": "observe.sources.eurepoc.flatten",
    "observe.sources.gdelt.events.GdeltEvents": "observe.sources.gdelt.reader.GdeltEvents",
    "observe.sources.gdelt.events.settled": "observe.checks.places.day_of_last_change",
    "observe.sources.gdelt.events.unnamed": "observe.sources.gdelt.events.blank_names",
    "plan.compare.levers": "plan.compare.portfolio_levers",
    "plan.compare.paths": "plan.compare.outcome_paths",
    "plan.start.start": "plan.start.read_start",
    "schema.geography.shapes.EARTH_RADIUS_KM": "schema.geography.distance.EARTH_RADIUS_KM",
    "schema.geography.shapes.distance_km": "schema.geography.shapes.outside_km",
}
"""A name in a module: old to new, both below `tocsin`."""

_MODULES = {old.rpartition(".")[0] for old in RENAMED}


class _Room(ModuleType):
    """A package that keeps its own names when a module is imported under an old name in it.

    Python writes an imported module's name into its package, over a function of that name.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        own = self.__dict__.get(name)
        if own is None or isinstance(own, ModuleType) or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a module under its old name, after all other finders found nothing."""

    def __init__(self) -> None:
        self._specs: dict[str, importlib.machinery.ModuleSpec | None] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if not fullname.startswith(ROOT) or fullname.removeprefix(ROOT) not in MOVED:
            return None
        return importlib.machinery.ModuleSpec(fullname, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        new = ROOT + MOVED[spec.name.removeprefix(ROOT)]
        _warn(spec.name, new)
        found = importlib.import_module(new)
        # The import system is about to write the old name's spec over the module's own.
        self._specs[found.__name__] = found.__spec__
        return found

    def exec_module(self, module: ModuleType) -> None:
        """The module has run under its new name; only its own spec is put back."""
        module.__spec__ = self._specs.pop(module.__name__)
        for old, new in MOVED.items():
            if ROOT + new == module.__name__ and "." in old:
                sys.modules[ROOT + old.rpartition(".")[0]].__class__ = _Room


class _Renaming(importlib.abc.MetaPathFinder):
    """Gives a module whose names have changed a `__getattr__` that knows the old ones."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not fullname.startswith(ROOT) or fullname.removeprefix(ROOT) not in _MODULES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def run_and_rename(module: ModuleType) -> None:
                run(module)
                vars(module)["__getattr__"] = _renamed(
                    fullname, getattr(module, "__getattr__", None)
                )

            vars(spec.loader)["exec_module"] = run_and_rename
        return spec


def _renamed(module: str, before: Callable[[str], Any] | None) -> Callable[[str], Any]:
    def find(name: str) -> Any:
        new = RENAMED.get(f"{module}.{name}".removeprefix(ROOT))
        if new is not None:
            _warn(f"{module}.{name}", ROOT + new)
            place, _, now = new.rpartition(".")
            return getattr(importlib.import_module(ROOT + place), now)
        if before is not None:
            return before(name)
        raise AttributeError(f"module '{module}' has no attribute '{name}'")

    return find


def install() -> None:
    """Let old names of modules be found; called once, when `tocsin` is imported."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Renaming())
        sys.meta_path.append(_Finder())


def old_names(package: str, *news: str) -> Callable[[str], Any]:
    """A `__getattr__` for a package or module whose old names are now those of other modules.

    Args:
        package: the full name of the package or module.
        news: full names of the modules in which its content is now, the first to be looked in
            first.
    """

    def find(name: str) -> Any:
        if not name.startswith("_"):
            # A module of the package comes first: `from package import name` asks here for it.
            is_package = hasattr(sys.modules[package], "__path__")
            if is_package and importlib.util.find_spec(f"{package}.{name}"):
                return importlib.import_module(f"{package}.{name}")
        for new in news if not name.startswith("_") else ():
            module = importlib.import_module(new)
            if hasattr(module, name):
                _warn(f"{package}.{name}", f"{new}.{name}")
                return getattr(module, name)
        raise AttributeError(f"module '{package}' has no attribute '{name}'")

    return find


def old_parameters(**news: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator for a function of which a parameter has a new name.

    Calls that give the parameter by its old name go on working, with a `DeprecationWarning`.

    Args:
        news: the old name of each parameter, and its new one.

    Raises:
        TypeError: the decorated function is given both names of one parameter.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **given: P.kwargs) -> R:
            for old in news.keys() & given.keys():
                new = news[old]
                if new in given:
                    raise TypeError(f"'{new}' and its old name '{old}' are both given")
                _warn(f"{function.__qualname__}({old}=…)", f"{function.__qualname__}({new}=…)")
                given[new] = given.pop(old)
            return function(*args, **given)

        return call

    return decorate


def old_name(new: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator for a method that goes on working under its old name, with a warning.

    Args:
        new: the full name of what takes its place.
    """

    def decorate(method: Callable[P, R]) -> Callable[P, R]:
        @wraps(method)
        def call(*args: P.args, **given: P.kwargs) -> R:
            _warn(method.__qualname__, new)
            return method(*args, **given)

        return call

    return decorate


def _warn(old: str, new: str) -> None:
    warnings.warn(
        f"'{old}' is now '{new}'; the old name goes with the next release.",
        DeprecationWarning,
        stacklevel=3,
    )


def observe_for_paths(instead: str) -> ModuleType:
    """The package `tocsin.observe`, for a function that took paths and now takes tables.

    A stage must not import another one, so for one release it is found here by name.

    Args:
        instead: full name of what takes tables, for the warning.
    """
    warnings.warn(
        "Paths are taken here for one release more: read a file by "
        f"'tocsin.observe.read_table', and give its rows to '{instead}'.",
        DeprecationWarning,
        stacklevel=3,
    )
    return importlib.import_module("tocsin.observe")
