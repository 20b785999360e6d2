"""Under which name an organisation is held here: it stands once, whatever a source calls it.

A log writes 'NPA', 'CPP-NPA' and "New People's Army". Reports keep what they say. Incidents, and
all that is made of them, have one name an organisation, which is worked out anew each time: a
match that is withdrawn, or an alias that a person asserts, counts from the next time on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from tocsin.assess.actors.identities.sameness import (
    LIKELY,
    SAME,
    SPELLED,
    Match,
    Used,
    find_matches,
    published_as,
)
from tocsin.assess.actors.identities.spelling import is_short, read_name
from tocsin.assess.actors.names import members, name_in
from tocsin.assess.actors.statements import current, digest, withdrawn_ids
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.geography.territory import UnknownTerritory, by_gwno
from tocsin.schema.tables.observed.described import is_description

SOURCE = "names in use, compared"
SURE = 0.5
"""An alias that a person asserts with this weight makes one organisation of two ids."""
Node = tuple[str, int | None]


def match_names(
    sides: pl.DataFrame, reports: pl.DataFrame, decisions: pl.DataFrame
) -> pl.DataFrame:
    """Find which names in use mean one organisation, territory by territory.

    An id that a source gives is the source's own decision: two such ids are never compared.

    Args:
        sides: of `actors.sides.armed_sides`, made of `reports`, with report ids as incidents.
        reports: the table `reports`.
        decisions: the table `actor_decisions`; matches that are withdrawn there are left out.

    Returns:
        The table `actor_matches`.
    """
    table = TABLES["actor_matches"]
    counts = _counts(sides, reports)
    if counts.filter(~pl.col("given")).is_empty():
        return empty(table)
    gone = withdrawn_ids(decisions)
    given = set(counts.filter("given")["actor_id"])
    used = [
        Used(row["actor_id"], row["name"], row["gwno"], (row["first"], row["last"]))
        for row in counts.iter_rows(named=True)
        if len(members(row["name"])) == 1
    ]
    found = [
        match
        for match in find_matches(used)
        if not {match.one.actor_id, match.other.actor_id} <= given
    ]
    rows = [_row(match) for match in _consistent(found, given)]
    kept = [row for row in rows if row["statement_id"] not in gone]
    return conform(table, pl.DataFrame(kept, schema=empty(table).schema))


def held_names(
    sides: pl.DataFrame, reports: pl.DataFrame, matches: pl.DataFrame, links: pl.DataFrame
) -> pl.DataFrame:
    """Tell under which id and name each organisation is held, where that is not its own.

    Args:
        sides, reports: as `match_names` takes them.
        matches: the table `actor_matches`; those that are certain count.
        links: the table `actor_links`; aliases that a person asserted without dates count.

    Returns:
        Columns `actor_id, name, gwno, held_id, held_as`; `held_id` is empty where no source gives
        the organisation an id.
    """
    counts = _counts(sides, reports)
    nodes = _Nodes()
    for row in counts.iter_rows(named=True):
        nodes.add(row)
    for one, other, gwno in matches.filter(pl.col("verdict") == SAME).select(
        "actor_id", "related_id", "gwno"
    ).iter_rows():  # fmt: skip
        nodes.join((one, gwno), (other, gwno))
    nodes.join_across()
    said = current(links).filter(
        (pl.col("relation") == "alias")
        & pl.col("asserted_at").is_not_null()
        & pl.col("related_id").is_not_null()
        & (pl.col("weight") >= SURE)
        & pl.col("from_date").is_null()
        & pl.col("to_date").is_null()
    )
    for one, other in said.select("actor_id", "related_id").sort("actor_id", "related_id").rows():
        nodes.join_ids(one, other)
    return nodes.held()


def unite(rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Give the sides of incidents or reports the names under which their organisations are held.

    Args:
        rows: columns `actor_a, actor_a_id, actor_b, actor_b_id, gwno`, and others that are kept.
        held: of `held_names`.

    Returns:
        The same rows with these four columns changed.
    """
    if held.is_empty():
        return rows
    to = held.rename({"name": "said"}).with_columns(pl.lit(True).alias("found"))
    columns = rows.columns
    for side in ("actor_a", "actor_b"):
        rows = (
            rows.with_columns(
                pl.coalesce(f"{side}_id", side).alias("actor_id"), pl.col(side).alias("said")
            )
            .join(
                to, on=["actor_id", "said", "gwno"], how="left", nulls_equal=True,
                maintain_order="left",
            )
            .with_columns(
                pl.coalesce("held_as", side).alias(side),
                pl.when(pl.col("found")).then("held_id").otherwise(f"{side}_id").alias(f"{side}_id"),
            )
            .select(columns)
        )  # fmt: skip
    return rows


def unite_ids(rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Give rows of organisations, in no territory, the ids and names under which they are held.

    Args:
        rows: columns `actor_id` and `actor`, and others that are kept.
        held: of `held_names`; an id that is two organisations in two territories stays as it is.

    Returns:
        The same rows with these two columns changed.
    """
    to = held.select(
        "actor_id", pl.coalesce("held_id", "held_as").alias("to_id"), "held_as"
    ).unique()
    to = to.filter(pl.len().over("actor_id") == 1)
    return (
        rows.join(to, on="actor_id", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("to_id", "actor_id").alias("actor_id"),
            pl.coalesce("held_as", "actor").alias("actor"),
        )
        .select(rows.columns)
    )


def other_names(matches: pl.DataFrame, meant: set[str]) -> set[str]:
    """List the names that are held as one with some, those themselves included.

    Args:
        matches: the table `actor_matches`; those that are certain count.
        meant: names.
    """
    same = matches.filter(pl.col("verdict") == SAME).select("actor", "related").rows()
    pairs = [*same, *((other, one) for one, other in same)]
    found = set(meant)
    while more := {other for one, other in pairs if one in found} - found:
        found |= more
    return found


@dataclass
class _Nodes:
    """Names by territory, joined where they mean one organisation."""

    parent: dict[Node, Node] = field(default_factory=dict)
    uses: dict[Node, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    years: dict[Node, tuple[int, int]] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    def add(self, row: dict[str, object]) -> None:
        node = str(row["actor_id"]), row["gwno"]
        self.parent[node] = node  # type: ignore[index,assignment]
        self.uses[node][str(row["name"])] = int(row["n"])  # type: ignore[index,call-overload]
        self.years[node] = row["first"], row["last"]  # type: ignore[index,assignment]
        if row["given"]:
            self.given.add(node[0])

    def root(self, node: Node) -> Node:
        while self.parent[node] != node:
            node = self.parent[node]
        return node

    def join(self, one: Node, other: Node) -> None:
        if one in self.parent and other in self.parent:
            self.parent[self.root(other)] = self.root(one)

    def groups(self) -> dict[Node, list[Node]]:
        found: dict[Node, list[Node]] = defaultdict(list)
        for node in self.parent:
            found[self.root(node)].append(node)
        return found

    def join_ids(self, one: str, other: str) -> None:
        called = {node: {node[0], name_in(*node)} & {one, other} for node in self.parent}
        both = [node for node, names in called.items() if names]
        if set().union(*called.values()) == {one, other}:
            for node in both[1:]:
                self.join(both[0], node)

    def join_across(self) -> None:
        """One name in two territories is one organisation, unless more is known of both.

        A description means others elsewhere, so that it joins nothing.
        """
        known = {root: self._facts_of(group) for root, group in self.groups().items()}
        by: dict[str, list[Node]] = defaultdict(list)
        for node in self.parent:
            if node[0] in self.given or not any(map(is_description, members(node[0]))):
                by[node[0]].append(node)
        listed: dict[str, list[Node]] = defaultdict(list)
        for root, (organisations, _) in known.items():
            if len(organisations) == 1:
                listed[next(iter(organisations))].append(root)
        together = [*by.values(), *listed.values()]
        for ones in together:
            ordered = sorted(ones, key=lambda node: (-self._n(node), node[1] or 0))
            for at, one in enumerate(ordered):
                for other in ordered[at + 1 :]:
                    a, b = self.root(one), self.root(other)
                    # Within one territory only matches join, which a person may withdraw.
                    if (
                        one[1] != other[1]
                        and a != b
                        and (one[0] in self.given or _agree(known[a], known[b]))
                    ):
                        self.join(a, b)
                        known[a] = known[a][0] | known[b][0], known[a][1] | known[b][1]

    def _facts_of(self, group: list[Node]) -> tuple[frozenset[str], frozenset[str]]:
        """The listed organisations that a group is, and the forms of its names in full."""
        organisations: set[str] = set()
        longs: set[str] = set()
        for node in group:
            for name in self.uses[node]:
                organisations |= published_as(name, node[1], self.years[node])
                read = read_name(name, node[1])
                longs |= set() if is_short(name) else read.keys
        return frozenset(organisations), frozenset(longs)

    def _n(self, node: Node) -> int:
        return sum(self.uses[node].values())

    def held(self) -> pl.DataFrame:
        rows: list[tuple[str, str, int | None, str | None, str]] = []
        taken: dict[str, Node] = {}
        order = self.groups().items()
        for root, group in sorted(
            order, key=lambda one: (-sum(map(self._n, one[1])), one[0][0], one[0][1] or 0)
        ):
            held_id, held_as = self._name_of(group)
            if held_id is None:
                held_as = name_in(held_as, group[0][1])
            if held_id is None and taken.setdefault(held_as, root) != root:
                held_as = self._other_name(group, held_as, taken)
                taken[held_as] = root
            rows += [
                (node[0], name, node[1], held_id, held_as)
                for node in sorted(group, key=lambda node: (node[0], node[1] or 0))
                for name in sorted(self.uses[node])
                if (held_id or held_as) != node[0] or (held_id is None and name != held_as)
            ]
        schema = {"actor_id": pl.String, "name": pl.String, "gwno": pl.Int64,
                  "held_id": pl.String, "held_as": pl.String}  # fmt: skip
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _name_of(self, group: list[Node]) -> tuple[str | None, str]:
        """The id that a source gives, and the name that is used most; ties by the alphabet."""
        own = [node for node in group if node[0] in self.given] or group
        counted: dict[tuple[str, str], int] = defaultdict(int)
        for node in own:
            for name, n in self.uses[node].items():
                counted[node[0], name] += n
        actor_id, name = min(counted, key=lambda one: (-counted[one], one))
        return (actor_id if actor_id in self.given else None), name

    def _other_name(self, group: list[Node], name: str, taken: dict[str, Node]) -> str:
        """Another name, where an organisation elsewhere is held under this one."""
        more = sorted({one for node in group for one in self.uses[node]} - set(taken), key=len)
        if more:
            return more[-1]
        return f"{name} ({_territory(group[0][1])})"


def _agree(
    one: tuple[frozenset[str], frozenset[str]], other: tuple[frozenset[str], frozenset[str]]
) -> bool:
    """Nothing that is known of two groups in two territories says that they are two."""
    return all(not a or not b or bool(a & b) for a, b in zip(one, other, strict=True))


def _counts(sides: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Each id and name of an organisation, by territory: its years, and how often it is used."""
    where = reports.select(
        pl.col("report_id").alias("incident_id"),
        "gwno",
        pl.col("date_start").dt.year().alias("year"),
    )
    own = sides.filter(~pl.col("government")).join(where, on="incident_id")
    counted = own.group_by("actor_id", pl.col("actor").alias("name"), "gwno").agg(
        pl.col("year").min().alias("first"),
        pl.col("year").max().alias("last"),
        pl.len().alias("n"),
    )
    # Of joint sides only those are held otherwise of which a member is a description.
    joint = [
        name
        for name in counted["name"].unique()
        if len(members(name)) > 1 and not any(map(is_description, members(name)))
    ]
    return (
        counted.filter(~pl.col("name").is_in(joint))
        .with_columns((pl.col("actor_id") != pl.col("name")).alias("given"))
        .sort("actor_id", "name", "gwno")
    )


def _consistent(found: list[Match], given: set[str]) -> Iterable[Match]:
    """Matches that would make one of two ids which sources give are proposals only.

    A name that is spelled as only one of them belongs to that one.
    """
    to: dict[Node, dict[str, set[str]]] = defaultdict(lambda: {SPELLED: set(), "": set()})
    for match in found:
        if match.verdict == SAME:
            for own, other in ((match.one, match.other), (match.other, match.one)):
                if other.actor_id in given:
                    why = SPELLED if match.because == SPELLED else ""
                    to[own.actor_id, own.gwno][why].add(other.actor_id)
    for match in found:
        rivals = False
        for own in (match.one, match.other):
            ids = to.get((own.actor_id, own.gwno), {SPELLED: set(), "": set()})
            alone = match.because == SPELLED and len(ids[SPELLED]) == 1
            rivals |= len(ids[SPELLED] | ids[""]) > 1 and not alone
        if match.verdict == SAME and rivals:
            because = f"{match.because}, and so with another id of the source"
            yield Match(match.one, match.other, LIKELY, because)
        else:
            yield match


def _row(match: Match) -> dict[str, object]:
    one, other = match.one, match.other
    return {
        "statement_id": "m" + digest(one.actor_id, other.actor_id, one.gwno, SOURCE)[1:],
        "actor_id": one.actor_id,
        "actor": one.name,
        "related_id": other.actor_id,
        "related": other.name,
        "territory": _territory(one.gwno),
        "gwno": one.gwno,
        "verdict": match.verdict,
        "because": match.because,
        "source": SOURCE,
    }


def _territory(gwno: int | None) -> str | None:
    try:
        return None if gwno is None else by_gwno(gwno).name
    except UnknownTerritory:
        return str(gwno)
