"""How much is drawn where tables are large, so that an answer needs minutes and a few gigabytes.

With many first uses few draws say as much. Where tables are small nothing here changes anything.
"""

from __future__ import annotations

from tocsin.anticipate.diffusion.hazard.design import Links
from tocsin.anticipate.diffusion.tables.cases import Cases

MANY = 5_000
"""First uses above which the answer is by Gibbs sampling: NUTS would take hours."""
FEW = 200
"""First uses of one class up to which NUTS is affordable for twenty draws of their times, too."""
ROOM = 4_000_000
"""Numbers that one table of draws by first use, or by case, may have."""
FEWEST = 200
"""Draws of shares that are kept however many first uses there are."""
A_MINUTE = 300_000
"""Cases and ties between cases that take about a minute of a processor
(`benchmarks/diffusion_large.py`)."""


def draws_within(wanted: int, size: int, *, least: int) -> int:
    """Say how many draws a table may have.

    Args:
        wanted: how many there would be of a small table.
        size: numbers of each draw.
        least: how many there are however large the table is.

    >>> draws_within(200, 2_500, least=20), draws_within(200, 100_000, least=20)
    (200, 40)
    """
    return min(wanted, max(least, ROOM // max(size, 1)))


def words_of_sampling(cases: Cases, links: Links) -> str:
    """Say what is done first, and how long all may take where that is more than a minute.

    Args:
        cases: the organisations and classes.
        links: the ties between cases.
    """
    minutes = (len(cases.actor) + len(links.channel)) / A_MINUTE
    if minutes <= 1:
        return "Sampling"
    return (
        f"Sampling {len(cases.actor):,} cases and {len(links.channel):,} ties between them; all "
        f"may take some {minutes:.0f} minutes"
    )
