"""Do more covariates than one help to tell who is next? Five regions, rolling origins.

What data give of an organisation at the beginning of each half-year: its size (log incidents of its
first 180 days, the one that the road takes), its age (log years since its first incident), past
classes (log number of other classes that it uses by then), territories (log number in which it has
been seen), and its rate of reporting (mean log number of sources behind reports of its first 180
days). Past classes are outcomes of the same model: they say who is able, and not what makes able.

The hazard is that of the road's record (`hazard.em`), with effects of covariates that change with
time, each with the road's prior (normal around 0, sd 0.5, per standard deviation). At each
half-year of the later 60 % of the window it is fitted to what lay before, and tells chances of the
months after. Scores are Brier's and the log score for each first use that came; differences are
against no covariate, with 90 % of a bootstrap over territory × year. One set is of noise.

Example: python benchmarks/diffusion_capacity.py path/to/ucdp/files --work kept
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
from diffusion_expected import ACTORS, assessed

from tocsin.anticipate.diffusion.hazard.density import COVARIATE
from tocsin.anticipate.diffusion.hazard.design import Design, Links, make_design, only_links
from tocsin.anticipate.diffusion.hazard.em import (
    BASE_RATE,
    BASE_SHAPE,
    CELL_SHAPE,
    STEP_SHAPE,
)
from tocsin.anticipate.diffusion.region.answer import origins_of
from tocsin.anticipate.diffusion.region.picture import EARLY, Picture, make_picture
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.bench.kept import Row, run_seeds
from tocsin.bench.mentions.texts import REGIONS
from tocsin.schema.step import Tables

Fit = dict[str, Floats]
SUPPORT = "ucdp_external_support_actor_year_18.1.csv.gz"
IMPUTATIONS = 10
HALF_YEAR, YEAR = 182.625, 365.25
ROUNDS = 80
STEPS = 8
MONTHS = (3, 6, 12, 24)
RESAMPLES = 2000
NAMES = ("size", "age", "past classes", "territories", "reporting", "noise")
SETS = {
    "none": (),
    "size": ("size",),
    **{f"size, {name}": ("size", name) for name in NAMES[1:]},
    "all five": NAMES[:5],
    "all but past classes": ("size", "age", "territories", "reporting"),
}


def main() -> None:
    """Print scores by months and set, and the effects at the last origin."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", type=Path, help="folder with the UCDP files")
    parser.add_argument("--work", type=Path, required=True, help="folder of what is kept")
    parser.add_argument("--imputations", type=int, default=IMPUTATIONS, help="how many are told")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    kept = given.work / "tables.pickle"
    if kept.exists():
        tables = pickle.loads(kept.read_bytes())
    else:
        paths = [given.source / name for name in (*REGIONS.values(), ACTORS, SUPPORT)]
        found = assessed(paths)
        tables = {key: found[key] for key in WANTED if key in found}
        kept.write_bytes(pickle.dumps(tables))
    picture = make_picture(tables, imputations=IMPUTATIONS)
    known = known_of(tables, picture)
    cases = picture.cases
    print(f"{len(cases.actors)} organisations, {len(cases.actor)} cases; {counts_of(picture)}")
    task = partial(retell, picture, known)
    rows = run_seeds(task, range(given.imputations), given.work / "capacity.jsonl")
    print(judge(pl.DataFrame(rows)))


WANTED = ("actor_spells", "incidents", "adoption_draws", "ties", "incident_reports", "reports")


def counts_of(picture: Picture) -> str:
    """Say how many first uses there are, and seeds."""
    finite = np.isfinite(picture.onsets)
    new = finite & (picture.onsets > picture.cases.entry)
    return f"first uses {new.sum(1).mean():.1f}, seeds {(finite & ~new).sum(1).mean():.1f}"


def known_of(tables: Tables, picture: Picture) -> dict[str, Floats]:
    """What is fixed of each organisation: `size`, `first` (day), `reporting`, `noise`; and the
    days from which it was seen in each further territory, `seen`, infinite where never.
    """
    who = picture.organisations.select("actor_id", "early incidents", first=pl.col("first_day"))
    spells = tables["actor_spells"].filter(pl.col("actor_id").is_in(who["actor_id"].to_list()))
    days = spells.group_by("actor_id").agg(pl.col("first_day").dt.epoch("d").sort())
    number = dict(days.iter_rows())
    most = max(len(one) for one in number.values())
    seen = np.full((len(who), most), np.inf)
    for row, one in enumerate(who["actor_id"]):
        seen[row, : len(number[one])] = number[one]
    sources = (
        tables["incident_reports"]
        .join(tables["reports"].select("report_id", "n_sources"), on="report_id")
        .group_by("incident_id")
        .agg(pl.col("n_sources").sum().replace(0, None).alias("sources"))
    )
    incidents = tables["incidents"].join(sources, on="incident_id", how="left")
    sides = pl.concat(
        incidents.select(
            pl.coalesce(f"actor_{side}_id", f"actor_{side}").alias("actor_id"),
            "date_start",
            "sources",
        )
        for side in "ab"
    )
    early = (
        sides.join(who, on="actor_id")
        .filter((pl.col("date_start") - pl.col("first")).dt.total_days() <= EARLY)
        .group_by("actor_id")
        .agg(pl.col("sources").log1p().mean())
    )
    told = who.join(early, on="actor_id", how="left", maintain_order="left")["sources"]
    return {
        "size": who["early incidents"].to_numpy(),
        "first": who["first"].dt.epoch("d").to_numpy().astype(float),
        "reporting": told.fill_null(told.mean()).fill_nan(told.mean()).to_numpy(),
        "noise": np.random.default_rng(12).standard_normal(len(who)),
        "seen": seen,
    }


def values_at(
    picture: Picture, known: dict[str, Floats], onset: Floats, day: float
) -> dict[str, Floats]:
    """All covariates of all cases at the beginning of a day, each of shape (n,)."""
    cases = picture.cases
    actor = cases.actor
    uses = onset < day
    users = np.bincount(actor, uses, len(cases.actors))
    age = np.maximum(day - known["first"], 0.0) / YEAR
    return {
        "size": known["size"][actor],
        "age": np.log1p(age)[actor],
        "past classes": np.log1p(users[actor] - uses),
        "territories": np.log(np.maximum((known["seen"] < day).sum(1), 1.0))[actor],
        "reporting": known["reporting"][actor],
        "noise": known["noise"][actor],
    }


def retell(picture: Picture, known: dict[str, Floats], imputation: int) -> Row:
    """Tell the chances of one imputation again, for each set of covariates.

    Returns:
        Sums by months, territory, year, set, model and measure, under keys joined by '|'; and the
        effects at the last origin under 'effect|set|name'.
    """
    cases, onset = picture.cases, picture.onsets[imputation]
    channels = len(picture.ties.channels)
    row: Row = {}
    for origin in origins_of(picture):
        past = np.where(onset <= origin, onset, np.inf)
        bins = max(round((origin - cases.start) / HALF_YEAR), STEPS)
        design = make_design(cases, picture.links, past, channels=channels, bins=bins, until=origin)
        at_risk = (past == np.inf) & (cases.entry < origin) & (cases.exit > origin)
        if not len(design.case) or not at_risk.any():
            continue
        begins = np.linspace(cases.start, origin, bins + 1)
        each = [values_at(picture, known, past, day) for day in begins]
        held = (picture.links.start <= origin) & (origin <= picture.links.end)
        held &= cases.stays[picture.links.source] >= origin
        now = only_links(picture.links, held)
        told = {}
        for label, names in SETS.items():
            x = standardise([np.stack([one[name] for one in each], 1) for name in names], design)
            for model, used in (("ties", True), ("alone", False)):
                fit = fit_capacity(design, x[:, :-1], used=used)
                told[f"{label}|{model}"] = rate_after(now, past, design, fit, x[:, -1])
            row |= {f"effect|{label}|{name}": fit["beta"][p] for p, name in enumerate(names)}
        note_scores(row, picture, imputation, origin, told)
    return row


def rate_after(links: Links, past: Floats, design: Design, fit: Fit, x: Floats) -> Floats:
    """First uses of each case per window just after the origin, shape (n,)."""
    live = np.isfinite(past[links.source])
    carried = links.weight * fit["strength"][links.channel] * live
    walk = fit["walk"][design.cell_technology[design.case_cell], -1]
    own = fit["cell"][design.case_cell] * walk * np.exp(x @ fit["beta"])
    return np.asarray(own + np.bincount(links.target, carried, len(own)))


def note_scores(
    row: Row, picture: Picture, imputation: int, origin: float, told: Mapping[str, Floats]
) -> None:
    """Add up the scores of one origin, as `record.tell_again` chooses the cases."""
    cases, onset = picture.cases, picture.onsets[imputation]
    at_risk = (onset > origin) & (cases.entry < origin) & (cases.exit > origin)
    year = cases.clock.write(origin)[:4]
    for months in MONTHS:
        until = origin + months * cases.clock.month
        came = (onset > origin) & (onset <= until)
        which = at_risk & (came | (cases.exit >= until)) & (until <= cases.end)
        for name, rate in told.items():
            chance = -np.expm1(-rate * (until - origin) / (origin - cases.start))
            chance = np.clip(chance, 1e-9, 1 - 1e-9)
            log = np.log(np.where(came, chance, 1.0 - chance))
            for place in np.unique(cases.territory[which]):
                mine = which & (cases.territory == place)
                sums = {
                    "n": mine.sum(), "came": came[mine].sum(), "log": log[mine].sum(),
                    "brier": ((chance - came) ** 2)[mine].sum(), "expected": chance[mine].sum(),
                }  # fmt: skip
                for measure, value in sums.items():
                    key = f"{months}|{cases.territories[place]}|{year}|{name}|{measure}"
                    row[key] = row.get(key, 0.0) + float(value)


def standardise(columns: Sequence[Floats], design: Design) -> Floats:
    """Covariates with mean 0 and sd 1 over the time at risk; shape (n, bins + 1, P)."""
    weight = design.at_risk / design.at_risk.sum()
    out = []
    for column in columns:
        mean = (weight * column[:, :-1]).sum()
        sd = np.sqrt((weight * (column[:, :-1] - mean) ** 2).sum())
        out.append((column - mean) / sd if sd > 1e-9 else np.zeros_like(column))
    return np.stack(out, -1) if out else np.zeros((*(design.at_risk.shape + np.array([0, 1])), 0))


def fit_capacity(design: Design, x: Floats, *, used: bool) -> Fit:
    """`hazard.em` with effects of covariates that change from step to step, by turns of Newton.

    Args:
        design: with a bin for each half-year.
        x: covariates of each case and bin, shape (n, bins, P).
        used: whether ties may carry anything.

    Returns:
        `cell`, `walk` (of `STEPS` steps), `strength` and `beta`.
    """
    _, bins, effects = x.shape
    classes, cells = design.exposed.shape[1], len(design.cell_technology)
    step = np.arange(bins) * STEPS // bins
    total = design.total.sum(1)
    of_class = design.cell_technology
    at = np.nonzero(design.at_risk)
    spent, cell_at, step_at = design.at_risk[at], design.case_cell[at[0]], step[at[1]]
    x_at, x_event = x[at], x[design.case, design.bin]
    class_at, event_step = of_class[cell_at], step[design.bin]
    live = (total > 0) & used
    strength = np.where(live, 0.5 * len(design.case) / np.maximum(total, 1e-9), 0.0)
    strength /= max(live.sum(), 1)
    count = np.bincount(design.technology, minlength=classes) + 0.5
    whole = np.bincount(class_at, spent, classes)
    cell = (0.5 * count / np.maximum(whole, 1e-9))[of_class]
    walk, beta = np.ones((classes, STEPS)), np.zeros(effects)
    key = class_at * STEPS + step_at
    for _ in range(ROUNDS):
        own = cell[design.cell] * walk[design.technology, event_step] * np.exp(x_event @ beta)
        carried = design.exposure * strength
        hazard = own + carried.sum(1)
        part = own / hazard
        strength = np.where(live, (carried / hazard[:, None]).sum(0) / np.maximum(total, 1e-9), 0.0)
        risk = spent * np.exp(x_at @ beta)
        lasting = np.bincount(cell_at, risk * walk[class_at, step_at], cells)
        base = BASE_SHAPE + np.bincount(design.technology, part, classes)
        base = base / (BASE_RATE + np.bincount(of_class, lasting, classes))
        own_uses = np.bincount(design.cell, part, cells)
        level = np.maximum(base[of_class], 1e-12)
        cell = (CELL_SHAPE + own_uses) / (CELL_SHAPE / level + lasting)
        seen = np.bincount(design.technology * STEPS + event_step, part, classes * STEPS)
        meant = np.bincount(key, risk * cell[cell_at], classes * STEPS)
        walk = ((STEP_SHAPE + seen) / (STEP_SHAPE + meant)).reshape(classes, STEPS)
        if effects:
            mean = risk * cell[cell_at] * walk[class_at, step_at]
            slope = part @ x_event - mean @ x_at - beta / COVARIATE**2
            bend = (x_at * mean[:, None]).T @ x_at + np.eye(effects) / COVARIATE**2
            beta = np.clip(beta + np.clip(np.linalg.solve(bend, slope), -0.3, 0.3), -3, 3)
    return {"cell": cell, "walk": walk, "strength": strength, "beta": beta}


def judge(rows: pl.DataFrame) -> str:
    """Scores by months, model and set, and the effects, as text."""
    effects = [name for name in rows.columns if name.startswith("effect|")]
    lines = [
        f"  {name[7:]}: {rows[name].mean():.2f} ({rows[name].min():.2f} to {rows[name].max():.2f})"
        for name in effects
    ]
    keys = ("months", "gwno", "year", "set", "model", "measure")
    long = rows.select(pl.exclude("seed", *effects)).unpivot().drop_nulls("value")
    long = long.with_columns(
        pl.col("variable").str.split("|").list.get(i).alias(key) for i, key in enumerate(keys)
    )
    sums = long.group_by(keys).agg(pl.col("value").sum() / rows.height)
    for months in MONTHS:
        for model in ("ties", "alone"):
            mine = sums.filter((pl.col("months") == str(months)) & (pl.col("model") == model))
            lines += lines_of(mine, f"{months} months, {model}")
    return "\n".join(lines)


def lines_of(sums: pl.DataFrame, label: str) -> list[str]:
    """A line for each set: Brier, its skill over none and its bootstrap, and the log score."""
    random = np.random.default_rng(1)
    wide = {
        measure: sums.filter(measure=measure)
        .pivot(on="set", index=["gwno", "year"], values="value")
        .sort("gwno", "year")
        for measure in ("n", "came", "brier", "log", "expected")
    }
    blocks = wide["n"].height
    chosen = random.integers(0, blocks, (RESAMPLES, blocks))
    n, came = (wide[one]["none"].sum() for one in ("n", "came"))
    lines = [f"{label}: n {n:.0f}, came {came:.1f}, territory × year {blocks}"]
    brier, log = wide["brier"], wide["log"]
    for name in SETS:
        drawn = brier[name].to_numpy()[chosen].sum(1) / brier["none"].to_numpy()[chosen].sum(1)
        low, high = np.quantile(1.0 - drawn, [0.05, 0.95])
        skill = 1.0 - brier[name].sum() / brier["none"].sum()
        gain = (log[name].to_numpy() - log["none"].to_numpy())[chosen].sum(1) / max(came, 1e-9)
        bottom, top = np.quantile(gain, [0.05, 0.95])
        mean = (log[name].sum() - log["none"].sum()) / max(came, 1e-9)
        lines.append(
            f"  {name:22} Brier {brier[name].sum() / n:.5f}, skill {skill:+.3f} ({low:+.3f} to "
            f"{high:+.3f}); log {mean:+.3f} nats ({bottom:+.3f} to {top:+.3f}); "
            f"expected {wide['expected'][name].sum():.1f}"
        )
    return lines


if __name__ == "__main__":
    main()
