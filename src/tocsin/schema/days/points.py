"""Months with a point between month and year, which look like numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])\.((?:18|19|20|21)\d\d)", re.ASCII)
_YEAR_FIRST = re.compile(r"((?:18|19|20|21)\d\d)\.(0[1-9]|1[0-2]|1)", re.ASCII)
_QUARTER = re.compile(r"(?:18|19|20|21)\d\d\.([1-4])", re.ASCII)
ENOUGH = 3
"""Different numbers behind the point from which a column of years with a month's number behind it
holds months. Parts of years are as small as this by chance in one of 600 such columns."""


def dotted_months(texts: Iterable[str], *, sure: bool = False) -> dict[str, str]:
    """Tell which of a column's texts are months with a point, such as 03.2011 or 2011.03.

    Each of them is a number, too: 3.2011, or the twelfth of January 2011 as a part of a year. So
    all texts that may be numbers have to be months; of those that begin with the year `ENOUGH` have
    to differ behind the point, and one has to have a 0 there. A spreadsheet that took such months
    for numbers lost the last 0 of October: beside '2011.03', '2011.1' is October.

    Args:
        texts: what may be a number in the column, without spaces around it.
        sure: others of the column's texts are days, so that a single one is enough.

    Returns:
        For each such text its month by ISO 8601; empty where the column holds numbers.

    >>> dotted_months(["03.2011", "11.2012"])
    {'03.2011': '2011-03', '11.2012': '2012-11'}
    >>> dotted_months(["2011.03", "2011.1", "2012.11"])["2011.1"]
    '2011-10'
    >>> dotted_months(["2011.03", "2011.50", "2012.11"]), dotted_months(["3.2011"])
    ({}, {})
    """
    all_texts = list(dict.fromkeys(texts))
    first = [_MONTH_FIRST.fullmatch(one) for one in all_texts]
    if all_texts and all(first):
        clear = sure or len(all_texts) > 1 or all_texts[0].startswith("0")
        return {one[0]: f"{one[2]}-{int(one[1]):02d}" for one in first if one} if clear else {}
    last = [_YEAR_FIRST.fullmatch(one) for one in all_texts]
    behind = {one[2] for one in last if one}
    if not all(last) or not any(one.startswith("0") for one in behind):
        return {}
    if len(behind) < ENOUGH and not sure:
        return {}
    return {one[0]: f"{one[1]}-{one[2].ljust(2, '0')}" for one in last if one}


def dotted_quarter(texts: Iterable[str]) -> str | None:
    """Find a text that may be a quarter with a point, 2011.3, where all look like that.

    Args:
        texts: what may be a number in the column, without spaces around it.

    Returns:
        The first such text; None where another text shows that they are parts of years, or where
        fewer than `ENOUGH` differ behind the point.

    >>> dotted_quarter(["2011.1", "2011.2", "2012.4"])
    '2011.1'
    >>> dotted_quarter(["2011.1", "2011.2", "2012.7"])
    """
    all_texts = list(dict.fromkeys(texts))
    found = [_QUARTER.fullmatch(one) for one in all_texts]
    if not all(found) or len({one[1] for one in found if one}) < ENOUGH:
        return None
    return all_texts[0]
