"""Who a name may mean on a day: as one source sees it, or as all see it. Never a hard merge."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from tocsin.assess.actors.names import aliases, is_placeholder, plain, skeleton
from tocsin.assess.actors.statements import current
from tocsin.schema.tables.observed.actor import ACTIVE_IN, ATTRIBUTES
from tocsin.schema.tables.observed.described import is_description

INHERITS: dict[str, tuple[float, float]] = {
    "alias": (0.9, 0.9),
    "renamed": (0.9, 0.9),
    "splinter": (0.1, 0.15),
    "temporary splinter": (0.2, 0.3),
    "joined": (0.2, 0.2),
    "umbrella": (0.2, 0.2),
    "alliance": (0.1, 0.1),
}
"""How far a name of the first passes to the second, and of the second to the first: 'A splinter
of B' means that a report of B may tell of A (0.15). Assumptions, docs/methods/actors.md."""
NONE_OF_THESE = 0.1
"""Score of an organisation that no source has listed."""
SAME_SOUNDS = 0.5
"""Weight of names that agree in consonants only; at least `LONG_ENOUGH` of them."""
LONG_ENOUGH = 4
OUT_OF_DATE = 0.2
"""Weight of a statement on a day more than `GRACE` outside its dates."""
GRACE = timedelta(days=365)
RELATIVES = 0.25
"""Relatives together never weigh more than this share of those that bear the name."""
ELSEWHERE = 0.1
"""Weight of an organisation that no statement places in the territory asked for."""
ANOTHER_FORM = 0.5
"""Weight of an organisation that has the name only in another form, where one has it just so. An
assumption, docs/decisions/0175-who-has-a-name-just-so.md."""
A_NAME = 0.8
"""Of two forms that meet, one must be at least this much of a name: initials never meet alone."""
WORTH_COUNTING = 0.05
"""Smaller shares stay with the name itself."""
SURE = 0.99
"""Confidence never exceeds this: sources copy each other."""
_VIEW = {
    "actor_id": pl.String, "actor": pl.String, "probability": pl.Float64, "because": pl.String,
}  # fmt: skip
Dates = tuple[date | None, date | None, float]


@dataclass(frozen=True)
class _Called:
    """One statement of a name, under one of its forms."""

    actor_id: str
    name: str
    form: float
    weight: float
    source: str
    dates: Dates


@dataclass(frozen=True)
class _Related:
    """One statement of a relation between two organisations."""

    actor_id: str
    actor: str
    relation: str
    related_id: str
    related: str
    weight: float
    source: str
    dates: Dates


@dataclass(frozen=True)
class Directory:
    """The statements that stand, sorted by the forms of the names in them.

    It answers for many names at once. `directory` makes it; `who` gives what `view` returns, for
    one name.
    """

    forms: dict[str, list[_Called]]
    sounds: dict[str, list[_Called]]
    relations: list[_Related]
    placed: dict[str, set[str]]
    called: dict[str, str]

    def who(
        self, name: str, *, on: date | None = None, gwno: int | None = None, but: str = ""
    ) -> pl.DataFrame:
        """Find the organisations that a name may mean.

        Args:
            name: as a report writes it.
            on: a day; statements that do not hold on it count little.
            gwno: the Gleditsch-Ward number of the report's territory.
            but: an `actor_id` that is left out of the answer.

        Returns:
            Columns `actor_id, actor, probability, because`, as `view` returns them.
        """
        here = None if gwno is None else self.placed.get(str(gwno), set())
        direct = {
            actor_id: (score * (1.0 if here is None or actor_id in here else ELSEWHERE), because)
            for actor_id, (score, because) in self._matches(name, on, but).items()
        }
        relatives: dict[str, tuple[float, str]] = {}
        for actor_id, other, share, because in self._passes(direct, on):
            score = direct[actor_id][0] * share
            if score > relatives.get(other, direct.get(other, (0.0, "")))[0]:
                relatives[other] = (score, because)
        scores = direct | _held_down(relatives, sum(score for score, _ in direct.values()))
        total = sum(score for score, _ in scores.values()) + NONE_OF_THESE
        rows = [
            (actor_id, self.called.get(actor_id, actor_id), score / total, because)
            for actor_id, (score, because) in scores.items()
            if actor_id != but
        ]
        frame = pl.DataFrame(rows, schema=_VIEW, orient="row")
        return frame.sort("probability", "actor_id", descending=[True, False])

    def _matches(self, name: str, on: date | None, but: str) -> dict[str, tuple[float, str]]:
        """Actors that some statement calls so, with the best weight and the words for it."""
        found: dict[str, tuple[float, str]] = {}
        just_so: set[str] = set()
        if is_placeholder(name):
            return found
        written = plain(name)
        wanted = _join_word_orders(aliases(name))
        sounds = skeleton(name)
        meets = [
            (one, weight * one.form)
            for form, weight in wanted.items()
            for one in self.forms.get(form, [])
            if max(weight, one.form) >= A_NAME
        ]
        if len(sounds) >= LONG_ENOUGH:
            meets += [(one, SAME_SOUNDS) for one in self.sounds.get(sounds, [])]
        for one, agreement in meets:
            if one.actor_id == but:
                continue
            score = agreement * one.weight * _holds(*one.dates, on)
            if score > found.get(one.actor_id, (0.0, ""))[0]:
                found[one.actor_id] = (score, f"{one.source} calls it '{one.name}'")
            if plain(one.name) == written:
                just_so.add(one.actor_id)
        # Of a log that gives no ids an id is the name itself, which tells nothing of the others.
        others = ANOTHER_FORM if any(plain(one) != written for one in just_so) else 1.0
        return {
            actor_id: (score * (1.0 if actor_id in just_so else others), because)
            for actor_id, (score, because) in found.items()
        }

    def _passes(
        self, found: dict[str, tuple[float, str]], on: date | None
    ) -> Iterable[tuple[str, str, float, str]]:
        """Names that pass along a relation: from, to, share, and the words for it."""
        for one in self.relations:
            if one.actor_id in found or one.related_id in found:
                forth, back = INHERITS[one.relation]
                share = one.weight * _holds(*one.dates, on)
                because = f"{one.source}: {one.actor} – {one.relation} – {one.related}"
                if one.actor_id in found:
                    yield one.actor_id, one.related_id, forth * share, because
                if one.related_id in found:
                    yield one.related_id, one.actor_id, back * share, because


def directory(names: pl.DataFrame, links: pl.DataFrame, source: str | None = None) -> Directory:
    """Sort the statements that stand by name, so that many names can be asked at once.

    Args:
        names: the table `actor_names`.
        links: the table `actor_links`.
        source: the start of a source's name; only its statements are indexed. Default: all.

    Returns:
        The directory.
    """
    named, linked = current(names, source), current(links, source)
    forms: dict[str, list[_Called]] = {}
    sounds: dict[str, list[_Called]] = {}
    dates = ("from_date", "to_date", "dates_weight")
    columns = ("actor_id", "name", "weight", "source", *dates)
    for actor_id, name, weight, who, *span in named.select(columns).iter_rows():
        for form, share in _join_word_orders(aliases(name)).items():
            called = _Called(actor_id, name, share, weight, who, (span[0], span[1], span[2]))
            forms.setdefault(form, []).append(called)
        sound = skeleton(name)
        if len(sound) >= LONG_ENOUGH:
            called = _Called(actor_id, name, SAME_SOUNDS, weight, who, (span[0], span[1], span[2]))
            sounds.setdefault(sound, []).append(called)
    between = linked.filter(pl.col("relation") != ACTIVE_IN).drop_nulls("related_id")
    parts = ("actor_id", "actor", "relation", "related_id", "related", "weight", "source")
    relations = [
        _Related(**row, dates=(span[0], span[1], span[2]))
        for row, span in zip(
            between.select(parts).iter_rows(named=True),
            between.select(dates).iter_rows(),
            strict=True,
        )
    ]
    placed: dict[str, set[str]] = {}
    where = linked.filter(pl.col("relation") == ACTIVE_IN)
    for actor_id, number in where.select("actor_id", "related_id").iter_rows():
        placed.setdefault(number, set()).add(actor_id)
    return Directory(forms, sounds, relations, placed, _names(named))


def view(
    names: pl.DataFrame,
    links: pl.DataFrame,
    name: str,
    *,
    source: str | None = None,
    on: date | None = None,
    gwno: int | None = None,
) -> pl.DataFrame:
    """Find the organisations that a name may mean.

    Args:
        names: the table `actor_names`.
        links: the table `actor_links`.
        name: as a report writes it.
        source: start of a source's name ('UCDP', 'ACLED'); default: all views together.
        on: a day; statements that do not hold then count little.
        gwno: the territory of the report; organisations seen elsewhere only count little.

    Returns:
        Columns `actor_id, actor, probability, because`, the most probable first. The
        probabilities sum to less than 1: what is missing is 'none of these'.
    """
    return directory(names, links, source).who(name, on=on, gwno=gwno)


def organisations(names: pl.DataFrame, links: pl.DataFrame, used: pl.DataFrame) -> pl.DataFrame:
    """Tell which organisation each name or id in use may be: a soft merge, for counting only.

    An id of a producer that publishes an actor list is that producer's own decision and
    stands, but for what people here assert ('alias'). A name that only describes a side is nobody
    else's. Any other name is looked up.

    Args:
        names: the table `actor_names`.
        links: the table `actor_links`.
        used: columns `actor_id, actor, gwno`, one row an actor_id.

    Returns:
        Columns `actor_id, organisation_id, weight`; the weights of an actor_id sum to 1, and
        what no organisation explains stays with the name itself.
    """
    found = directory(names, links)
    producer = pl.col("source").str.split(" ").list.first()
    listing = names.filter(pl.col("form") == "name").select(producer).unique()["source"]
    own = set(names.filter(producer.is_in(listing.to_list()))["actor_id"])
    said = current(links).filter(
        (pl.col("relation") == "alias") & pl.col("related_id").is_not_null()
    )
    also = {
        one: (other, weight)
        for one, other, weight in said.sort("weight")
        .select("actor_id", "related_id", "weight")
        .iter_rows()
    }
    rows: list[tuple[str, str, float]] = []
    for actor_id, actor, gwno in used.select("actor_id", "actor", "gwno").iter_rows():
        shares: dict[str, float] = {}
        if actor_id in also:
            shares = dict([also[actor_id]])
        elif actor_id not in own and not is_description(actor):
            seen = found.who(actor, gwno=gwno, but=actor_id)
            shares = dict(
                seen.filter(pl.col("probability") >= WORTH_COUNTING)
                .select("actor_id", "probability")
                .iter_rows()
            )
        rest = 1.0 - sum(shares.values())
        rows += [(actor_id, other, share) for other, share in shares.items()]
        rows += [(actor_id, actor_id, rest)] if rest > 0 else []
    schema = {"actor_id": pl.String, "organisation_id": pl.String, "weight": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def sources(names: pl.DataFrame, links: pl.DataFrame) -> list[str]:
    """List whose views of organisations there are.

    Args:
        names: the table `actor_names`.
        links: the table `actor_links`.

    Returns:
        Sorted names: of producers, such as 'UCDP', and of people here, as they sign.
    """
    said = set(names["source"]) | set(links["source"])
    return sorted({one.split(" ")[0] if re.search(r"\d", one) else one for one in said})


def confidence(names: pl.DataFrame, links: pl.DataFrame, actor_id: str) -> pl.DataFrame:
    """Tell how sure each attribute of an organisation is, and not only the organisation as a
    whole.

    Args:
        names: the table `actor_names`.
        links: the table `actor_links`.
        actor_id: the organisation.

    Returns:
        Columns `attribute` (name, dates, territory, relation), `value`, `confidence` in [0, 1]
        and `sources`. Sources that agree add up as if they were independent, but never to more
        than 0.99.
    """
    named = current(names).filter(pl.col("actor_id") == actor_id)
    linked = current(links).filter(
        (pl.col("actor_id") == actor_id)
        | ((pl.col("related_id") == actor_id) & (pl.col("relation") != ACTIVE_IN))
    )
    dated = pl.concat(
        frame.filter(pl.col("dates_weight") > 0).select(
            pl.concat_str(
                pl.col("from_date").cast(pl.String).fill_null("?"),
                pl.lit(" to "),
                pl.col("to_date").cast(pl.String).fill_null("?"),
            ).alias("value"),
            pl.col("dates_weight").alias("weight"),
            "source",
        )
        for frame in (named, linked)
    )
    where = linked.filter(pl.col("relation") == ACTIVE_IN)
    whom = linked.filter(pl.col("relation") != ACTIVE_IN)
    parts_of = pl.concat_str("actor", "relation", "related", separator=" – ")
    related = whom.with_columns(parts_of.alias("value"))
    parts = (
        named.select(pl.col("name").alias("value"), "weight", "source"),
        dated.select("value", "weight", "source"),
        where.select(pl.col("related").alias("value"), "weight", "source"),
        related.select("value", "weight", "source"),
    )
    every = pl.concat(
        part.with_columns(pl.lit(attribute).alias("attribute"))
        for attribute, part in zip(ATTRIBUTES, parts, strict=True)
    )
    # One voice a source: its most confident statement.
    voices = every.group_by("attribute", "value", "source").agg(pl.col("weight").max())
    joined = voices.group_by("attribute", "value").agg(
        pl.min_horizontal(1 - (1 - pl.col("weight")).product(), pl.lit(SURE)).alias("confidence"),
        pl.col("source").sort().str.join("; ").alias("sources"),
    )
    return joined.sort("attribute", "confidence", "value", descending=[False, True, False])


def _held_down(
    relatives: dict[str, tuple[float, str]], named: float
) -> dict[str, tuple[float, str]]:
    total = sum(score for score, _ in relatives.values())
    scale = min(1.0, RELATIVES * named / total) if total else 1.0
    return {other: (score * scale, because) for other, (score, because) in relatives.items()}


def _join_word_orders(forms: dict[str, float]) -> dict[str, float]:
    """'Nusra Front' and 'Front Nusra' are one."""
    return {" ".join(sorted(form.split())): weight for form, weight in forms.items()}


def _holds(first: date | None, last: date | None, sure: float, on: date | None) -> float:
    """How much a dated statement counts on a day: fully within its dates and a year's grace."""
    if on is None or (first is None and last is None):
        return 1.0
    inside = (first is None or on >= first - GRACE) and (last is None or on <= last + GRACE)
    return 1.0 if inside else 1.0 - sure * (1.0 - OUT_OF_DATE)


def _names(named: pl.DataFrame) -> dict[str, str]:
    """One name an actor for reading: the listed one before others."""
    order = named.sort(pl.col("form") != "name", "actor_id", "name")
    first = order.unique("actor_id", keep="first", maintain_order=True)
    return dict(first.select("actor_id", "name").iter_rows())
