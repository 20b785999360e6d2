"""World regions of territories, from the blocks of the Gleditsch-Ward numbering.

The five regions are those of UCDP. The numbering (Russett, Singer and Small 1968, kept by
Gleditsch and Ward 1999) gives each a block; Russia and the states of the Caucasus lie in
Europe's, Egypt and Turkey in the Middle East's, Central Asia and Oceania in Asia's.
"""

from __future__ import annotations

REGIONS: dict[str, tuple[int, int]] = {
    "Americas": (2, 199),
    "Europe": (200, 399),
    "Africa": (400, 626),
    "Middle East": (630, 699),
    "Asia and Oceania": (700, 999),
}
"""Each region's first and last number."""
NOWHERE = "not known"


def region(gwno: int) -> str:
    """The region of a Gleditsch-Ward number, `NOWHERE` for one that no block holds.

    >>> region(652), region(482), region(0)
    ('Middle East', 'Africa', 'not known')
    """
    for name, (first, last) in REGIONS.items():
        if first <= gwno <= last:
            return name
    return NOWHERE
