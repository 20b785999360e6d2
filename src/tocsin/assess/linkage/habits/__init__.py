"""What a whole source does alike: days moved, days and months swapped, points rounded."""

from __future__ import annotations

import polars as pl

from tocsin.assess.linkage.habits.rounding import rounding_in_words
from tocsin.assess.linkage.habits.shifts import find_moves, move_back
from tocsin.assess.linkage.habits.swaps import swap_back

__all__ = ["mend_habits"]


def mend_habits(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Find what a whole source does alike, undo it for the comparison, and say so.

    Args:
        rows: n records, as `tocsin.assess.linkage.records.records.records` makes them.

    Returns:
        The records with days that can be compared, and a sentence for each habit that was found;
        the records as they are, and no sentence, where there is none.
    """
    said = rounding_in_words(rows)
    if rows["source"].n_unique() < 2:
        return rows, said
    back, shifts = find_moves(rows)
    mended, swaps = swap_back(move_back(rows, back), back)
    if swaps and not shifts:
        # Swapped days hide a shift that is seen once they are mended. With the shift undone, it is
        # plainer which source swapped them.
        back, shifts = find_moves(mended)
        if shifts:
            mended, swaps = swap_back(move_back(rows, back), back)
    return mended, [*shifts, *swaps, *said]
