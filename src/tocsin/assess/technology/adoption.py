"""The adoption ledger: which organisation has which technology class, since when, how sure.

The statements of an incident say how probably a class was there, and how probably each side was
its user (`mentions`). Over all incidents of an organisation and class, in all territories, a
latent possession with its onset explains them (`cases`, `possession`): `confidence` is its
probability. Where the perpetrator is open, attribution's probabilities come in; what people here
assert or withdraw moves it (`decisions`). What states used is a table of its own.
docs/methods/adoption.md says how to read it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from tocsin.assess.actors import state_body, state_number
from tocsin.assess.actors.coalitions import divide, joint_sides
from tocsin.assess.actors.sides import armed_sides
from tocsin.assess.actors.suspects import with_doubt
from tocsin.assess.technology.candidates import AFAR, third_sides, users
from tocsin.assess.technology.cases import SEED, Case, cases, find_convincing
from tocsin.assess.technology.decisions import apply_decisions, of_possession
from tocsin.assess.technology.mentions.judgement import LAID
from tocsin.assess.technology.mentions.users import Weights
from tocsin.assess.technology.prior import PRIORS
from tocsin.assess.technology.reasons import reasons
from tocsin.assess.technology.ties import ties_of
from tocsin.base.threads import on_one_thread
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.tables.assessed.adoption import BELIEVED
from tocsin.schema.tables.observed.actor import HOLDERS, holder

SOURCE = "statements on technology, attribution and a model of possession"
CEILING = 0.95
"""Confidence never exceeds this: all statements come from one set of rules."""
DRAWS = PRIORS
KEPT_DRAWS = 200
"""Of the draws, so many are kept in `adoption_draws`."""
ENOUGH = 0.99
"""An onset's rows end when it has become this sure, relative to the confidence in the end."""
WHO = ["actor_id", "actor", "technology", "territory", "gwno"]
NAMES = (
    "adoption", "adoption_onsets", "adoption_quarters", "adoption_draws", "adoption_reasons",
    "state_uses",
)  # fmt: skip


@on_one_thread
def ledger(
    incidents: pl.DataFrame,
    told: pl.DataFrame,
    actors: pl.DataFrame,
    *,
    attributions: pl.DataFrame | None = None,
    doubtful: pl.DataFrame | None = None,
    ties: pl.DataFrame | None = None,
    decisions: pl.DataFrame | None = None,
    worded: pl.Series | None = None,
    weights: Weights | None = None,
) -> dict[str, pl.DataFrame]:
    """Tell which organisation has what class, since when, and how often it used it.

    Args:
        incidents: the table `incidents`.
        told: the table `technology_statements`.
        actors: the table `actors`; may be empty, then states are known by their names.
        attributions: the table `attributions`; default: nothing is open.
        doubtful: the sides that are only suspected, of `actors.suspects.Suspects.weigh`; default:
            those that attribution asks for.
        ties: the table `ties`, by which allies and splinters inform each other; default: only the
            members of joint names do.
        decisions: the table `technology_decisions`, what people here say; default: none.
        worded: ids of the incidents whose reports have any words; default: all have.
        weights: by which users were told in the statements; default: those that ship.

    Returns:
        The tables `adoption` (actor, technology and territory), `adoption_onsets`,
        `adoption_quarters`, `adoption_draws`, `adoption_reasons` and `state_uses`. A joint side
        stands as its members (`actors.coalitions`), or as a `coalition` where one is not known.
        Possession and onset are of the organisation in all territories, counts of the
        territory. `expected` are means, `low` and
        `high` 5 % and 95 % quantiles of 1,000 draws of possession, onset and uses together.

    Raises:
        MissingExtra: there are mentions and the extra `assess` is not installed.
    """
    named = armed_sides(incidents, actors)
    joint = joint_sides(named, incidents, actors)
    sides = divide(with_doubt(named, doubtful), joint)
    said_here = empty(TABLES["technology_decisions"]) if decisions is None else decisions
    read = find_convincing(incidents, told, weights)
    sides = pl.concat([sides, third_sides(read, sides, incidents)])
    mentions = apply_decisions(read, said_here, sides)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
    open_ones = None if attributions is None else divide(attributions, joint)
    rows = users(mentions, sides, open_ones, actors, weights)
    likely = sides.filter(pl.col("sure") >= BELIEVED)
    fought = _fought(incidents, likely, worded)
    home = _homes(fought)
    said = of_possession(said_here)
    kind = holder(actors, incidents)
    others = sides.filter(kind != HOLDERS[0])["actor_id"].unique().to_list()
    for case in cases(rows, fought, ties=ties_of(likely, ties), said=said, no_organisations=others):
        for name, more in _rows_of(case, home.get(case.actor_id)).items():
            found[name] += more
        found["adoption_reasons"] += reasons(case)
    found["state_uses"] = list(_state_uses(mentions, sides))
    return {name: _table(name, rows, kind) for name, rows in found.items()}


def _fought(incidents: pl.DataFrame, sides: pl.DataFrame, worded: pl.Series | None) -> pl.DataFrame:
    """The incidents of each organisation whose reports have words."""
    when = incidents.select("incident_id", "date_start", "territory", "gwno")
    if worded is not None:
        when = when.filter(pl.col("incident_id").is_in(worded.implode()))
    own = sides.filter(~pl.col("government")).select("incident_id", "actor_id").unique()
    return own.join(when, on="incident_id").sort("actor_id", "date_start", "incident_id")


def _homes(fought: pl.DataFrame) -> dict[str, tuple[str, int]]:
    """The territory in which most incidents of each organisation are."""
    count = fought.group_by("actor_id", "territory", "gwno").len()
    most = count.sort("actor_id", "len", "gwno", descending=[False, True, False])
    first = most.unique("actor_id", keep="first", maintain_order=True)
    return {actor: (name, gwno) for actor, name, gwno, _ in first.iter_rows()}


def _rows_of(case: Case, home: tuple[str, int] | None) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table of one organisation and class, territory by territory.

    An organisation of which only people here say something stands in its home, and nowhere if it
    has no incidents.
    """
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES[:4]}
    onset, uses = case.held.draw(_rng(case.actor_id, case.technology), DRAWS)
    if case.rows.is_empty():
        if home is not None:
            row = _asserted_row(case, home)
            who = {name: row[name] for name in (*WHO, "source")}
            found["adoption"].append(row)
            found["adoption_onsets"] += [who | one for one in _onsets(case)]
            found["adoption_draws"] += [who | one for one in _joint_draws(case, onset)]
        return found
    rows = case.rows.with_columns(
        pl.Series("mean", case.held.mean(), pl.Float64), pl.int_range(pl.len()).alias("at")
    )
    # An organisation may stand under more than one name; the last in the alphabet is kept.
    rows = rows.with_columns(pl.col("actor").max().over("gwno"))
    for key, part in rows.group_by(WHO, maintain_order=True):
        who = dict(zip(WHO, key, strict=True)) | {"source": SOURCE}
        mine = uses[:, part["at"].to_numpy()]
        found["adoption"].append(who | _whole(case, part, mine))
        found["adoption_onsets"] += [who | one for one in _onsets(case)]
        found["adoption_quarters"] += [who | one for one in _quarters(part, mine)]
        found["adoption_draws"] += [who | one for one in _joint_draws(case, onset)]
    return found


def _joint_draws(case: Case, onset: np.ndarray) -> Iterator[dict[str, Any]]:
    """The draws of the onset that are kept; None for never."""
    days = [*case.days.to_list(), None]
    for draw, day in enumerate(onset[:KEPT_DRAWS]):
        yield {"singled": case.is_singled, "draw": draw, "onset": days[day]}


def _onsets(case: Case) -> Iterator[dict[str, Any]]:
    """The chance of having the class by each day, up to the one that is as good as sure."""
    for day, share in zip(case.days.to_list(), case.held.by_day(), strict=True):
        yield {"date": day, "probability": min(case.held.possession * share, CEILING)}
        if share >= ENOUGH:
            break


def _asserted_row(case: Case, home: tuple[str, int]) -> dict[str, Any]:
    """The ledger row of an organisation of which no report mentions the class."""
    days = case.days.to_list()
    who = (case.actor_id, case.said["actor"][-1], case.technology, *home)
    return dict(zip(WHO, who, strict=True)) | {
        "first_seen": days[0],
        "first_incident": None,
        **_since(case),
        "last_seen": days[-1],
        "n_incidents": 0,
        "n_named": 0,
        "n_own": 0,
        "expected": 0.0,
        "low": 0.0,
        "high": 0.0,
        "confidence": min(case.held.possession, CEILING),
        "coalition": None,
        "source": SOURCE,
    }


def _whole(case: Case, rows: pl.DataFrame, uses: np.ndarray) -> dict[str, Any]:
    """One ledger row of an organisation and class in a territory."""
    seen = rows["date_start"]
    low, high = np.quantile(uses.sum(axis=1), [0.05, 0.95], method="inverted_cdf")
    ours = (pl.col("is_named") & pl.col("singles")).sum()
    return {
        "first_seen": seen[0],
        "first_incident": rows["incident_id"][0],
        **_since(case),
        "last_seen": seen[-1],
        "n_incidents": rows["incident_id"].n_unique(),
        "n_named": rows.select(ours).item(),
        "n_own": case.own,
        "expected": float(rows["mean"].sum()),
        "low": float(low),
        "high": float(high),
        "confidence": min(case.held.possession, CEILING),
        "coalition": rows["coalition"].drop_nulls().max(),
    }


def _since(case: Case) -> dict[str, date | None]:
    """Since when it has the class, if it has it; nothing where that is not believed."""
    names = ("first_low", "first_median", "first_high")
    if min(case.held.possession, CEILING) < BELIEVED:
        return dict.fromkeys(names)
    days, curve = case.days.to_list(), case.held.by_day()
    at = [min(int(np.searchsorted(curve, q)), len(days) - 1) for q in (0.05, 0.5, 0.95)]
    return {name: days[one] for name, one in zip(names, at, strict=True)}


def _quarters(rows: pl.DataFrame, uses: np.ndarray) -> Iterator[dict[str, Any]]:
    of = rows.select(
        pl.col("date_start").dt.truncate("1q").alias("quarter"),
        "mean",
        pl.int_range(pl.len()).alias("at"),
    )
    for (quarter,), part in of.group_by("quarter", maintain_order=True):
        yield {"quarter": quarter} | _counts(part["mean"], uses[:, part["at"].to_numpy()])


def _state_uses(mentions: pl.DataFrame, sides: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """What each state used: as a side of the incident, or named by the words as a third party.

    A state that is only suspected counts as much as it is probable. A row is read as an accusation.
    So a state is named only where half a use is expected, and where it is the likely user of one at
    least: many uses that were hardly its own do not add up to one. Of classes that are used from
    afar words have to name it: who fights at a place need not be who broke into a network there,
    and the state is often the one that was struck.
    """
    user = pl.when(pl.col("side") == "a").then("user_a").otherwise("user_b")
    own = (
        sides.filter(pl.col("government"))
        .select("incident_id", "side", "actor_id", "actor", "sure")
        .join(mentions, on="incident_id")
        .with_columns((user * pl.col("sure")).alias("user"))
    )
    own = _one_name_a_body(own)
    third = mentions.filter((pl.col("by") == "other-state") & (pl.col("user_third") > 0.5))
    known = _states(own)
    named = {one: f"Government of {one}" for one in third["by_name"].unique().drop_nulls()}
    states = pl.DataFrame(
        [(one, *known.get(state_number(name), (name, name))) for one, name in named.items()],
        schema={"by_name": pl.String, "actor_id": pl.String, "actor": pl.String},
        orient="row",
    )
    third = third.drop("actor_id", "actor", strict=False).join(states, on="by_name")
    third = third.with_columns(pl.col("user_third").alias("user"))
    columns = ["incident_id", *WHO, "date_start", "is_named", "use", "user"]
    rows = pl.concat([own.select(columns), third.select(columns)])
    told = pl.col("is_named") | ~pl.col("technology").is_in([*AFAR, LAID])
    likely = (pl.col("use") >= BELIEVED) & (pl.col("user") >= BELIEVED) & told
    rows = rows.with_columns(likely.alias("likely"), use=pl.col("use") * pl.col("user"))
    for key, part in rows.sort(*WHO, "date_start", "incident_id").group_by(
        WHO, maintain_order=True
    ):
        who = dict(zip(WHO, key, strict=True)) | {"source": SOURCE}
        chance = part["use"].to_numpy()
        if chance.sum() < BELIEVED or not part["likely"].any():
            continue
        yield (
            who
            | {
                "first_seen": part["date_start"].min(),
                "last_seen": part["date_start"].max(),
                "n_incidents": part["incident_id"].n_unique(),
                "n_named": part.select((pl.col("is_named") & (pl.col("user") > 0.5)).sum()).item(),
            }
            | _counts(
                part["use"],
                _rng(who["actor_id"], who["technology"], who["gwno"]).random((DRAWS, chance.size))
                < chance,
            )
        )


def _one_name_a_body(own: pl.DataFrame) -> pl.DataFrame:
    """Give the bodies of one state one name each: 'PNH' and 'Police nationale d'Haïti' are one.

    A bare name is taken for a body of the state in whose territory it acts, for this table only:
    nothing is concluded from it on what a state has. The name that has its state's is kept, or
    else the one that stands most often.
    """
    of = ["actor_id", "actor", "gwno"]
    kept: dict[tuple[str, int], tuple[str, str]] = {}
    key_of: dict[tuple[str, str, int], tuple[str, int]] = {}
    counts = own.group_by(of).len().sort("len", *of, descending=[True, False, False, False])
    told = [(row, state_body(row[1], row[2])) for row in counts.select(of).iter_rows()]
    for (actor_id, actor, gwno), body in sorted(
        ((row, body) for row, body in told if body), key=lambda one: state_number(one[0][1]) is None
    ):
        key = body[0], gwno if body[1] is None else body[1]
        kept.setdefault(key, (actor_id, actor))
        key_of[actor_id, actor, gwno] = key
    if len(kept) == len({(key, one[:2]) for one, key in key_of.items()}):
        return own
    whose = [(*one, *kept[key]) for one, key in key_of.items()]
    named = pl.DataFrame(whose, schema=[*of, "kept_id", "kept"], orient="row")
    return own.join(
        named.cast({"gwno": own.schema["gwno"]}), on=of, how="left", maintain_order="left"
    ).with_columns(
        pl.coalesce("kept_id", "actor_id").alias("actor_id"),
        pl.coalesce("kept", "actor").alias("actor"),
    )


def _states(sides: pl.DataFrame) -> dict[int | None, tuple[str, str]]:
    """The id and the name that reports give to each state, by its Gleditsch-Ward number.

    Words call states otherwise than reports do ('United States'); it is one state all the same.
    """
    told = sides.filter(pl.col("actor").str.starts_with("Government of"))
    rows = told.select("actor_id", "actor").unique().sort("actor_id", descending=True).iter_rows()
    found = {state_number(name): (key, name) for key, name in rows}
    return {number: who for number, who in found.items() if number is not None}


def _counts(chance: pl.Series, uses: np.ndarray) -> dict[str, float]:
    low, high = np.quantile(uses.sum(axis=1), [0.05, 0.95], method="inverted_cdf")
    return {"expected": float(chance.sum()), "low": float(low), "high": float(high)}


def _rng(*names: object) -> np.random.Generator:
    """Draws that hang on nothing but the names of the actor, class and territory."""
    name = "|".join(str(one) for one in names)
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def _table(name: str, rows: list[dict[str, object]], kind: pl.Expr) -> pl.DataFrame:
    model = TABLES[name]
    schema = empty(model).schema
    told = {column: of for column, of in schema.items() if column != "kind"}
    frame = pl.DataFrame(rows, schema=told)
    if "kind" in schema:
        frame = frame.with_columns(kind.alias("kind"))
    order = [one for one in WHO if one in frame.columns]
    return conform(model, frame.sort(*order, maintain_order=True))
