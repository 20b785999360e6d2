"""A number with its noun, in English: '1 row', '2 rows'."""

from __future__ import annotations


def quantity(count: float, one: str, many: str | None = None) -> str:
    """Write how many of something there are, in English.

    Args:
        count: how many. A whole number has its thousands parted; any other is written with up to
            six digits.
        one: the word for one of them, with a verb where one follows: 'row stays'.
        many: the word for none, or for more than one; default: `one` with an s.

    >>> quantity(1, "miss", "misses"), quantity(1200, "hit"), quantity(1.5, "hour")
    ('1 miss', '1,200 hits', '1.5 hours')
    """
    written = f"{count:,.0f}" if float(count).is_integer() else f"{count:g}"
    return f"{written} {one if written == '1' else many or one + 's'}"
