"""Names of places and organisations: folded, spelled alike, and joined where they are one.

Every function works on distinct names, never row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from tocsin.errors import require
from tocsin.schema.geography.distance import KM_PER_DEGREE, flat_km
from tocsin.schema.vocabulary.folding import LINKED_NAMES

GENERIC = frozenset(
    [
        "town",
        "city",
        "village",
        "governorate",
        "province",
        "district",
        "prefecture",
        "region",
        "area",
        "state",
        "municipality",
        "county",
        "department",
        "commune",
        "subdistrict",
        "wilaya",
        "mohafazat",
        "the",
        "of",
        "al",
        "el",
        "ar",
        "as",
        "ash",
        "ad",
        "at",
        "an",
        "az",
        "de",
        "la",
        "le",
        "les",
        "du",
        "des",
        "ville",
        "quartier",
        "neighbourhood",
        "neighborhood",
        "suburb",
        "camp",
    ]
)
"""Words that tell little about which place is meant."""
UNIT = re.compile(
    r"\b(governorate|province|district|prefecture|region|department|wilaya|mohafazat|"
    r"subdistrict|county|oblast|gouvernorat|provincia|departamento)\b"
)
UNKNOWN = frozenset(
    [
        "unknown",
        "unknown group",
        "unidentified",
        "unidentified armed group",
        "unidentified actor",
        "na",
        "n a",
        "none",
        "not known",
        "unspecified",
        "inconnu",
        "other",
        "not available",
        "null",
        "nan",
        "missing",
        "undetermined",
    ]
)
_SOUNDS = (
    ("kh", "h"), ("q", "k"), ("dh", "z"), ("ou", "u"), ("ee", "i"), ("y", "i"), ("dj", "j"),
    ("ch", "sh"), ("ph", "f"), ("gh", "g"), ("th", "t"), ("oo", "u"), ("w", "u"), ("c", "k"),
    ("e", "i"), ("o", "u"), ("v", "u"), ("dz", "z"),
)  # fmt: skip
_GOVERNMENT = re.compile(
    r"^(?:government|military forces|police forces|armed forces|army|military|security forces|"
    r"state forces|forces armees|gouvernement) (?:of |de |du |in )?(?:the )?(.+)$"
)
_GOVERNMENT_AFTER = re.compile(
    r"^(\w+?)(?: arab)? (?:government|armed forces|regime|security forces|state forces|"
    r"government forces|regime forces|government army|regime army)$"
)


def fold(name: str) -> str:
    """Write a name without case, accents and signs: `folding.LINKED_NAMES` of the schema.

    >>> fold("Deir-ez-Zôr  (Town)")
    'deir ez zor town'
    """
    return LINKED_NAMES.fold(name)


def place_key(name: str) -> str:
    """Reduce a place's name to what is left without generic words and spellings of one sound.

    Args:
        name: the place's name as a source writes it.

    Returns:
        A text by which names of one place are equal.

    >>> place_key("Khān Shaykhūn town") == place_key("Khan Shaykhoun")
    True
    """
    return key_of_folded(fold(name))


def key_of_folded(folded: str) -> str:
    """Reduce a folded name of a place as `place_key` does."""
    words = [word for word in folded.split() if word not in GENERIC] or folded.split()
    return merge_sounds(" ".join(words))


def merge_sounds(folded: str) -> str:
    """Write letters that transliterations use for one sound in one spelling."""
    for old, new in _SOUNDS:
        folded = folded.replace(old, new)
    folded = re.sub(r"(.)\1+", r"\1", folded)
    return re.sub(r"(?<=[aiu])[aiu]+", "", folded)


def is_unit(name: str) -> bool:
    """Tell whether a place's name says that it is an administrative unit."""
    return UNIT.search(fold(name)) is not None


def actor_key(name: str, known: Mapping[str, str]) -> str | None:
    """Write an organisation's name in one spelling for all that mean the same.

    Args:
        name: as a source writes it; several names may stand between commas.
        known: folded alias to the name that stands for it (see `unambiguous_aliases`).

    Returns:
        The spelling; None where the name says that the organisation is unknown.

    >>> actor_key("Military Forces of Syria (2000-)", {}) == actor_key("Government of Syria", {})
    True
    """
    bare = re.sub(r"\([^)]*\)|\[[^]]*\]", " ", name)
    parts = []
    for part in re.split(r"[,;/&+]|\band\b|\bet\b", bare):
        folded = fold(part)
        if not folded or folded in UNKNOWN or folded.startswith("unidentified "):
            continue
        folded = known.get(folded, folded)
        if found := _GOVERNMENT.match(folded) or _GOVERNMENT_AFTER.match(folded):
            folded = f"government of {found[1].removesuffix('n')}"
        parts.append(known.get(folded, folded))
    return ", ".join(sorted(set(parts))) or None


def unambiguous_aliases(pairs: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """Collect the other names of organisations that belong to one organisation only.

    Args:
        pairs: name and one other name of the same organisation.

    Returns:
        Folded other name to folded name.
    """
    found: dict[str, str] = {}
    twice: set[str] = set()
    listed = [(fold(name), fold(other)) for name, other in pairs if other]
    names = {name for name, _ in listed}
    for name, other in listed:
        if other == name or not other or other in names:
            continue
        if found.setdefault(other, name) != name:
            twice.add(other)
    return {other: name for other, name in found.items() if other not in twice}


def join_spellings(
    names: Sequence[str],
    counts: Sequence[int],
    *,
    points: np.ndarray | None = None,
    km: float = 30.0,
    least: float = 86.0,
    initials: bool = False,
) -> list[int]:
    """Join rare spellings to a commoner name that they resemble.

    Args:
        names: distinct names.
        counts: how often each occurs.
        points: shape (n, 2), degrees; NaN where unknown. Names whose points are further
            apart than `km` stay apart.
        km: see `points`.
        least: least similarity, 0 to 100.
        initials: also join a name to the one that it abbreviates.

    Returns:
        For each name the index of the name that stands for it.
    """
    require("rapidfuzz", extra="assess")
    from rapidfuzz import fuzz, process

    order = sorted(range(len(names)), key=lambda i: (-counts[i], names[i]))
    targets = [i for i in order if len(names[i]) >= 4][:6000]
    listed = np.array(order, dtype=np.int64), np.array(targets, dtype=np.int64)
    rank = np.empty(len(names), dtype=np.int64)
    rank[listed[0]] = np.arange(len(order))
    long = np.array([len(name) >= 4 for name in names], dtype=bool)
    parent = np.full(len(names), -1)
    for asked, among in _neighbourhoods(*listed, points, km):
        scores = process.cdist(
            [names[i] for i in asked], [names[i] for i in among], scorer=fuzz.ratio,
            score_cutoff=least, dtype=np.uint8, workers=-1,
        )  # fmt: skip
        row, column = np.nonzero(scores)
        one, two = asked[row], among[column]
        fine = (rank[two] < rank[one]) & long[one]
        if points is not None:
            fine &= ~(flat_km(*points[one].T, *points[two].T) > km)
        row, column = row[fine], column[fine]
        best = np.lexsort((column, -scores[row, column].astype(np.int64), row))
        _, first = np.unique(row[best], return_index=True)
        parent[asked[row[best[first]]]] = among[column[best[first]]]
    short = _initials(names, targets) if initials else {}
    root = list(range(len(names)))
    for index in order:
        other = short.get(names[index], -1)
        if other < 0 or rank[other] >= rank[index]:
            other = int(parent[index])
        if other >= 0:
            root[index] = root[other]
    return root


CELL = 4
"""Degrees of the squares in which names are compared with names near by."""


def _neighbourhoods(
    order: np.ndarray, targets: np.ndarray, points: np.ndarray | None, km: float
) -> Iterable[tuple[np.ndarray, np.ndarray]]:
    """Names that ask, and those that may be near enough; without a point, all may be."""
    free = order
    if points is not None:
        placed = np.isfinite(points).all(axis=1) & (np.abs(points[:, 0]) < 75)
        free = order[~placed[order]]
        cell = np.floor(points[order[placed[order]]] / CELL).astype(np.int64)
        goal = points[targets]
        margin = 1.1 * km / KM_PER_DEGREE
        cells, number = np.unique(cell, axis=0, return_inverse=True)
        for index, (south, west) in enumerate((cells * CELL).tolist()):
            wide = margin / np.cos(np.radians(max(abs(south), abs(south + CELL)) + margin))
            far = (goal[:, 0] < south - margin) | (goal[:, 0] > south + CELL + margin)
            far |= (goal[:, 1] < west - wide) | (goal[:, 1] > west + CELL + wide)
            asked = order[placed[order]][number.ravel() == index]
            for start in range(0, len(asked), 2000):
                yield asked[start : start + 2000], targets[~far]
    for start in range(0, len(free), 2000):
        yield free[start : start + 2000], targets


def _initials(names: Sequence[str], targets: Sequence[int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index in targets:
        words = names[index].replace(",", " ").split()
        if len(words) > 2:
            found.setdefault("".join(word[0] for word in words), index)
    return found
