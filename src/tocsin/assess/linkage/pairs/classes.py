"""Which names of two sources mean the same: first by spelling, then by what they report on.

Sources call one organisation, and code one kind of event, in their own ways. Pairs of reports
that stand alone in their days and surroundings are almost surely one event; what they call
its sides and its kind, counted over all such pairs, tells which names belong together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from tocsin.assess.linkage.names.folding import actor_key, join_spellings
from tocsin.assess.linkage.pairs.blocking import Pairs

LEAST = 4
"""Fewer shared reports than this teach nothing."""


def add_classes(
    records: pl.DataFrame,
    anchors: Pairs,
    *,
    known: Mapping[str, str],
    taxonomy: Mapping[str, Mapping[tuple[str, str], str]],
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Add the class of each side and of each category.

    Args:
        records: with texts `actor_a`, `actor_b`, `type` and `extra_…`.
        anchors: pairs that are almost surely one event.
        known: folded alias to folded name of organisations.
        taxonomy: column to (source, code) to concept, as given by a mapping file.

    Returns:
        The records with whole numbers `a_fine, a_broad, b_fine, b_broad, rare` and for each
        category `NAME_fine, NAME_broad`; and the names of the categories.
    """
    records = _sides(records, anchors, known)
    categories = []
    for column in ["type", *[c for c in records.columns if c.startswith("extra_")]]:
        if records[column].null_count() == records.height:
            continue
        name = "type" if column == "type" else "extra_" + _safe(column.removeprefix("extra_"))
        given = taxonomy.get(column.removeprefix("extra_"), {})
        records = _category(records, column, name, anchors, given)
        categories.append(name)
    return records, tuple(categories)


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else "_" for c in name).lower()


def _sides(records: pl.DataFrame, anchors: Pairs, known: Mapping[str, str]) -> pl.DataFrame:
    texts = pl.concat([records["actor_a"], records["actor_b"]]).drop_nulls()
    counts = dict(texts.value_counts().iter_rows())
    keys = {text: actor_key(text, known) for text in sorted(counts)}
    distinct = sorted({key for key in keys.values() if key})
    totals: Counter[str] = Counter()
    for text, number in counts.items():
        if keys[text]:
            totals[str(keys[text])] += number
    roots = join_spellings(distinct, [totals[k] for k in distinct], least=88, initials=True)
    code = {key: roots[index] for index, key in enumerate(distinct)}
    ids = {text: code[key] if key else None for text, key in keys.items()}
    a, b = (
        records[side].replace_strict(ids, default=None, return_dtype=pl.Int32).fill_null(-1)
        .to_numpy()
        for side in ("actor_a", "actor_b")
    )  # fmt: skip
    source = records["source"].rank("dense").to_numpy().astype(np.int64)
    fine, broad = _matched_sides(a, b, source, anchors, len(distinct))
    a_broad, b_broad = _through(broad, a), _through(broad, b)
    dyad = np.minimum(a_broad, b_broad).astype(np.int64) * (len(distinct) + 1) + np.maximum(
        a_broad, b_broad
    )
    _, where, size = np.unique(dyad, return_inverse=True, return_counts=True)
    rare = size[where] < 0.05 * len(dyad)
    return records.with_columns(
        pl.Series("a_fine", _through(fine, a)),
        pl.Series("b_fine", _through(fine, b)),
        pl.Series("a_broad", a_broad),
        pl.Series("b_broad", b_broad),
        pl.Series("rare", rare),
    )


def _through(classes: np.ndarray, code: np.ndarray) -> np.ndarray:
    return np.where(code >= 0, classes[np.maximum(code, 0)] if len(classes) else -1, -1)


def _matched_sides(
    a: np.ndarray, b: np.ndarray, source: np.ndarray, anchors: Pairs, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Fine and broad classes of organisations; the order of sides is guessed twice."""
    fine, broad = np.arange(size), np.arange(size)
    foes = _foes(a, b)
    la, lb, ra, rb = a[anchors.left], b[anchors.left], a[anchors.right], b[anchors.right]
    for least in (0.5, 0.6):
        fa, fb, ga, gb = (_through(broad, side) for side in (la, lb, ra, rb))
        straight = ((fa == ga) & (fa >= 0)).astype(int) + ((fb == gb) & (fb >= 0))
        crossed = ((fa == gb) & (fa >= 0)).astype(int) + ((fb == ga) & (fb >= 0))
        swap = crossed > straight
        one, two = np.where(swap, rb, ra), np.where(swap, ra, rb)
        left, right = np.concatenate([la, lb]), np.concatenate([one, two])
        sources = (
            np.concatenate([source[anchors.left]] * 2),
            np.concatenate([source[anchors.right]] * 2),
        )
        fine, broad = _classes(
            left, right, sources, size, least=least, lift=1.5, own=True, foes=foes
        )
    return fine, broad


def _category(
    records: pl.DataFrame,
    column: str,
    name: str,
    anchors: Pairs,
    given: Mapping[tuple[str, str], str],
) -> pl.DataFrame:
    pairs = records.select("source", column).unique().drop_nulls(column).sort("source", column)
    listed = list(pairs.iter_rows())
    code = {pair: index for index, pair in enumerate(listed)}
    values = np.array(
        [-1 if v is None else code[(s, v)] for s, v in records.select("source", column).iter_rows()]
    )
    source = records["source"].rank("dense").to_numpy().astype(np.int64)
    left, right = values[anchors.left], values[anchors.right]
    sources = source[anchors.left], source[anchors.right]
    fine, broad = _classes(left, right, sources, len(listed), least=0.6, lift=0.0, own=False)
    # Codes spelled alike mean the same unless the reports say otherwise.
    support = np.bincount(np.concatenate([left, right]) + 1, minlength=len(listed) + 1)[1:]
    alike: dict[str, int] = {}
    for index, (src, value) in enumerate(listed):
        word = given.get((src, value)) or given.get(("all", value))
        key = f"concept {word}" if word else f"code {value.casefold()}"
        if word or support[index] < 10 * LEAST or fine[index] == index:
            first = alike.setdefault(key, index)
            if word or support[first] < 10 * LEAST or support[index] < 10 * LEAST:
                fine = np.where(fine == fine[index], fine[first], fine)
                broad = np.where(broad == broad[index], broad[first], broad)
    return records.with_columns(
        pl.Series(f"{name}_fine", _through(fine, values).astype(np.int32)),
        pl.Series(f"{name}_broad", _through(broad, values).astype(np.int32)),
    )


def _classes(
    left: np.ndarray,
    right: np.ndarray,
    sources: Sequence[np.ndarray],
    size: int,
    *,
    least: float,
    lift: float,
    own: bool,
    foes: frozenset[tuple[int, int]] = frozenset(),
) -> tuple[np.ndarray, np.ndarray]:
    """Join codes that stand for each other in the anchors.

    A code joins another broadly if at least the share `least` of its partners, in one other
    source, carry it and that is `lift` times its share overall; finely if so both ways.
    """
    broad, fine = _Groups(size, foes), _Groups(size, foes)
    both = (left >= 0) & (right >= 0)
    for one in np.unique(sources[0][both]) if both.any() else []:
        for two in np.unique(sources[1][both]):
            chosen = both & (sources[0] == one) & (sources[1] == two)
            table = Counter(zip(left[chosen].tolist(), right[chosen].tolist(), strict=True))
            _join_table(table, fine, broad, least=least, lift=lift, own=own)
    return fine.classes(), broad.classes()


def _join_table(
    table: Counter[tuple[int, int]],
    fine: _Groups,
    broad: _Groups,
    *,
    least: float,
    lift: float,
    own: bool,
) -> None:
    rows: Counter[int] = Counter()
    columns: Counter[int] = Counter()
    for (u, v), n in table.items():
        rows[u] += n
        columns[v] += n
    total = sum(rows.values())
    for (u, v), n in sorted(table.items(), key=lambda item: (-item[1], item[0])):
        if n < LEAST or (own and u == v):
            continue
        share_u, share_v = n / rows[u], n / columns[v]
        u_to_v = share_u >= least and share_u >= lift * columns[v] / total
        v_to_u = share_v >= least and share_v >= lift * rows[u] / total
        # A name that both sources know is not another name for a commoner one.
        if own and u_to_v and not v_to_u and table[(u, u)] >= LEAST:
            u_to_v = False
        if own and v_to_u and not u_to_v and table[(v, v)] >= LEAST:
            v_to_u = False
        if u_to_v or v_to_u:
            broad.merge(u, v)
        if u_to_v and v_to_u:
            fine.merge(u, v)


def _foes(a: np.ndarray, b: np.ndarray) -> frozenset[tuple[int, int]]:
    """Pairs of names that stand against each other in reports: never one organisation."""
    both = (a >= 0) & (b >= 0) & (a != b)
    low, high = np.minimum(a, b)[both].tolist(), np.maximum(a, b)[both].tolist()
    table = Counter(zip(low, high, strict=True))
    often = Counter(low) + Counter(high)
    return frozenset(
        pair
        for pair, n in table.items()
        if n >= 3 and n >= 0.03 * min(often[pair[0]], often[pair[1]])
    )


class _Groups:
    """Names joined into groups; two that stand against each other are never joined."""

    def __init__(self, size: int, foes: frozenset[tuple[int, int]]) -> None:
        self.group = list(range(size))
        self.members = {index: [index] for index in range(size)}
        self.foes = foes

    def merge(self, one: int, two: int) -> None:
        one, two = sorted((self.group[one], self.group[two]))
        if one == two:
            return
        for x in self.members[one]:
            for y in self.members[two]:
                if (min(x, y), max(x, y)) in self.foes:
                    return
        for x in self.members.pop(two):
            self.group[x] = one
            self.members[one].append(x)

    def classes(self) -> np.ndarray:
        return np.array(self.group, dtype=np.int32)
