"""The adoption ledger: which organisation was seen with which technology, and how sure.

A tag says that an incident involved a technology class, not who used it. Each tag is spread
over the armed sides by a weight. Where the text names the user, or nobody else was armed, that
decides most of it; elsewhere the weight is a prior that the named cases of the same class
update. Where the perpetrator is open, attribution's probabilities come in. The doubt of all
three is drawn, not multiplied away. docs/methods/adoption.md says how to read it.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.assess.attribution.sides import armed_sides
from tocsin.schema import TABLES, conform, empty

Floats = npt.NDArray[np.float64]

SOURCE = "technology tags, users by text, attribution and prior"
FACING_A_STATE = {
    "improvised-explosives": 0.95,
    "uncrewed-aircraft": 0.5,
    "guided-or-indirect-fire": 0.4,
    "cyber": 0.5,
    "information-operations": 0.5,
}
"""Prior mean of the chance that the non-state side, not the state, used the class. Assumptions."""
FACING_EACH_OTHER = 0.5
"""The same for either of two non-state sides."""
PRIOR_CASES = 8.0
"""How many cases the prior mean weighs: a Beta with this sum of parameters."""
NAMED_CASES = 24.0
"""At most so many named cases count: they come from few newsrooms and share their errors."""
NAMED = 6.0
"""Likelihood ratio of words that name a user: about six right for one wrong. An assumption."""
TAG_SPREAD = 0.3
"""Standard deviation, in log odds, of an error that all tags of one class share."""
CEILING = 0.95
"""Confidence never exceeds this: all tags come from one lexicon."""
DRAWS = 1000
SEED = 20260101
ENOUGH = 0.99
"""An onset's rows end when it has become this sure, relative to the confidence in the end."""
WHO = ["actor_id", "actor", "technology", "territory", "gwno"]


def ledger(
    incidents: pl.DataFrame,
    tags: pl.DataFrame,
    actors: pl.DataFrame,
    *,
    attributions: pl.DataFrame | None = None,
    named: pl.DataFrame | None = None,
) -> dict[str, pl.DataFrame]:
    """Who was seen with what, first and how often.

    Args:
        incidents: the table `incidents`.
        tags: columns `incident_id, technology, probability`, one row a pair.
        actors: the table `actors`; may be empty, then states are known by their names.
        attributions: the table `attributions`; default: nothing is open.
        named: from `users.named_users`; default: no text names anybody.

    Returns:
        The tables `adoption` (actor, technology and territory), `adoption_onsets` and
        `adoption_quarters`. `expected` are means, `low` and `high` 5 % and 95 % quantiles of
        1,000 draws in which tags, weights and uses are all uncertain.
    """
    uses = _uses(incidents, tags, actors, attributions, named)
    if uses.is_empty():
        names = ("adoption", "adoption_onsets", "adoption_quarters")
        return {name: empty(TABLES[name]) for name in names}
    uses = uses.sort(*WHO, "date_start", "incident_id")
    whole: list[dict[str, object]] = []
    onsets: list[dict[str, object]] = []
    quarters: list[dict[str, object]] = []
    for key, part in uses.group_by(WHO, maintain_order=True):
        who = dict(zip(WHO, key, strict=True)) | {"source": SOURCE}
        drawn = _drawn(part)
        real = np.maximum.accumulate(drawn, axis=1)
        row, rows = _whole(part, drawn, real)
        whole.append(who | row)
        onsets += [who | one for one in rows]
        quarters += [who | one for one in _quarters(part, drawn)]
    return {
        "adoption": _table("adoption", whole),
        "adoption_onsets": _table("adoption_onsets", onsets),
        "adoption_quarters": _table("adoption_quarters", quarters),
    }


def posterior(prior: float, ours: float, theirs: float) -> tuple[float, float]:
    """How far a side is believed to be the user, after texts that name the user.

    Args:
        prior: the weight of the side before any text, in [0, 1].
        ours: how many texts name this side.
        theirs: how many texts name the other side.

    Returns:
        The two parameters of a beta distribution of the side's weight.

    >>> posterior(0.5, 0, 0)
    (4.0, 4.0)
    """
    scale = min(1.0, NAMED_CASES / (ours + theirs)) if ours + theirs else 0.0
    return prior * PRIOR_CASES + ours * scale, (1 - prior) * PRIOR_CASES + theirs * scale


def _whole(
    part: pl.DataFrame, drawn: npt.NDArray[np.bool_], real: npt.NDArray[np.bool_]
) -> tuple[dict[str, object], list[dict[str, object]]]:
    """One ledger row and the rows of its onset, from draws of shape (DRAWS, n)."""
    days, by_then = part["date_start"].to_list(), real.mean(axis=0)
    # Draws that hold no use at all say nothing of when the first one was.
    given = by_then / max(by_then[-1], 1 / DRAWS)
    at = [min(int(np.searchsorted(given, q)), len(days) - 1) for q in (0.05, 0.5, 0.95)]
    count = drawn.sum(axis=1)
    low, high = np.quantile(count, [0.05, 0.95], method="inverted_cdf")
    row: dict[str, object] = {
        "first_seen": days[0],
        "first_incident": part["incident_id"][0],
        "first_low": days[at[0]],
        "first_median": days[at[1]],
        "first_high": days[at[2]],
        "last_seen": part["date_start"].max(),
        "n_incidents": part.height,
        "n_named": int(part["is_named"].sum()),
        "expected": float(part["use"].sum()),
        "low": float(low),
        "high": float(high),
        "confidence": min(float(by_then[-1]), CEILING),
    }
    onset: dict[object, float] = {}
    for day, p, share in zip(days, by_then, given, strict=True):
        onset[day] = min(float(p), CEILING)
        if share >= ENOUGH:
            break
    return row, [{"date": day, "probability": p} for day, p in onset.items()]


def _quarters(part: pl.DataFrame, drawn: npt.NDArray[np.bool_]) -> list[dict[str, object]]:
    of = part.select(
        pl.col("date_start").dt.truncate("1q").alias("quarter"),
        "use",
        pl.int_range(pl.len()).alias("at"),
    )
    found: list[dict[str, object]] = []
    for (quarter,), rows in of.group_by("quarter", maintain_order=True):
        count = drawn[:, rows["at"].to_numpy()].sum(axis=1)
        low, high = np.quantile(count, [0.05, 0.95], method="inverted_cdf")
        found.append(
            {
                "quarter": quarter,
                "expected": float(rows["use"].sum()),
                "low": float(low),
                "high": float(high),
            }
        )
    return found


def _drawn(part: pl.DataFrame) -> npt.NDArray[np.bool_]:
    """Was each use real? Shape (DRAWS, n). One draw shares its error of tags and weights.

    The draws of an actor and class hang on nothing but their names, so that a ledger of one
    territory is the same alone and among others.
    """
    name = f"{part['technology'][0]}|{part['actor_id'][0]}|{part['gwno'][0]}"
    rng = np.random.default_rng([SEED, zlib.crc32(name.encode())])
    tag = np.clip(part["probability"].to_numpy(), 1e-6, 1 - 1e-6)
    shift = rng.normal(0.0, TAG_SPREAD, (DRAWS, 1))
    tagged = 1 / (1 + (1 - tag) / tag * np.exp(-shift))
    base = np.ones((DRAWS, part.height))
    facing = np.flatnonzero(part["alpha"].is_not_null().to_numpy())
    if len(facing):
        alpha, beta = (part[name].to_numpy()[facing] for name in ("alpha", "beta"))
        # One weight a class and kind of event: rows that share a Beta share its draw.
        kinds, which = np.unique(np.stack([alpha, beta], axis=1), axis=0, return_inverse=True)
        weight = rng.beta(kinds[:, 0], kinds[:, 1], (DRAWS, len(kinds)))[:, which.ravel()]
        odds = weight / np.maximum(1 - weight, 1e-9) * part["ratio"].to_numpy()[facing]
        base[:, facing] = odds / (1 + odds)
    use = tagged * base * part["attributed"].to_numpy()
    return np.asarray(rng.random(use.shape) < use)


def _uses(
    incidents: pl.DataFrame,
    tags: pl.DataFrame,
    actors: pl.DataFrame,
    attributions: pl.DataFrame | None,
    named: pl.DataFrame | None,
) -> pl.DataFrame:
    """One row an incident, technology and organisation that may have used it."""
    sides = armed_sides(incidents, actors)
    states = sides.filter(pl.col("government"))
    facing = states.select("incident_id").unique().with_columns(facing_state=pl.lit(True))
    who = sides.filter(~pl.col("government")).select("incident_id", "side", "actor_id", "actor")
    rows = pl.concat(
        [who.with_columns(attributed=pl.lit(1.0)), _attributed(attributions, actors)],
        how="vertical",
    )
    # An open side is known by its candidates, not by what one of the reports says.
    rows = rows.unique(["incident_id", "side", "actor_id"], keep="last", maintain_order=True)
    columns = ("incident_id", "event_type", "date_start", "territory", "gwno")
    nobody = {"incident_id": pl.String, "technology": pl.String, "named": pl.String}
    words = pl.DataFrame(schema=nobody) if named is None else named
    full = (
        rows.join(incidents.select(columns), on="incident_id")
        .join(tags, on="incident_id")
        .join(facing, on="incident_id", how="left")
        .join(words, on=["incident_id", "technology"], how="left")
        .with_columns(pl.col("facing_state").fill_null(False))
    )
    alone = pl.col("event_type") == "one-sided"
    ours = (pl.col("named") == pl.col("side")).fill_null(False)
    full = full.with_columns(
        pl.when(alone)
        .then(None)
        .when("facing_state")
        .then(pl.col("technology").replace_strict(FACING_A_STATE, return_dtype=pl.Float64))
        .otherwise(FACING_EACH_OTHER)
        .alias("prior"),
        ours.alias("is_named"),
        pl.when(pl.col("named").is_null()).then(1.0).when(ours).then(NAMED).otherwise(1 / NAMED)
        .alias("ratio"),
    )  # fmt: skip
    return _weighed(full)


def _weighed(full: pl.DataFrame) -> pl.DataFrame:
    """Add each row's Beta, and its mean use: what `expected` sums."""
    facing = pl.col("facing_state") & pl.col("prior").is_not_null() & pl.col("named").is_not_null()
    told = full.filter(facing).group_by("technology").agg(
        pl.col("is_named").sum().alias("ours"), (~pl.col("is_named")).sum().alias("theirs")
    )  # fmt: skip
    betas = {
        row["technology"]: posterior(FACING_A_STATE[row["technology"]], row["ours"], row["theirs"])
        for row in told.iter_rows(named=True)
    }
    pairs = [
        (None, None)
        if prior is None
        else betas.get(technology, posterior(prior, 0, 0))
        if facing_state
        else posterior(prior, 0, 0)
        for prior, technology, facing_state in full.select(
            "prior", "technology", "facing_state"
        ).iter_rows()
    ]
    full = full.with_columns(
        pl.Series("alpha", [pair[0] for pair in pairs], dtype=pl.Float64),
        pl.Series("beta", [pair[1] for pair in pairs], dtype=pl.Float64),
    )
    odds = pl.col("alpha") / pl.col("beta") * pl.col("ratio")
    weight = (odds / (1 + odds)).fill_null(1.0)
    return full.with_columns((weight * pl.col("probability") * pl.col("attributed")).alias("use"))


def _attributed(attributions: pl.DataFrame | None, actors: pl.DataFrame) -> pl.DataFrame:
    """Candidates of open incidents that are no states, with their probabilities."""
    found = empty(TABLES["attributions"]) if attributions is None else attributions
    states = actors.filter(pl.col("kind") == "state")["actor_id"].to_list()
    return found.filter(
        (pl.col("answer") == "actor")
        & ~pl.col("actor_id").is_in(states)
        & ~pl.col("actor").str.starts_with("Government of")
    ).select("incident_id", "side", "actor_id", "actor", pl.col("probability").alias("attributed"))


def _table(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    model = TABLES[name]
    return conform(model, pl.DataFrame(rows, schema=empty(model).schema))
