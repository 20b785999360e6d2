"""Cells as people and programs write them: numbers, degrees and points, as plain texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from tocsin.schema.geography.grids import grid_point
from tocsin.schema.vocabulary.folding import HEADINGS

_LOOKUP = re.compile(r"\d{1,9};#(?=\S)")
_SIGNS = str.maketrans("\u066b\u066c\u2212\u2010\u2011\u060c", ".,---,")


def looked_up(text: str) -> str:
    """Take the text of a cell that a list of SharePoint looks up elsewhere, without its number.

    >>> looked_up("12;#Mali")
    'Mali'
    """
    return _LOOKUP.sub("", text, count=1) if ";#" in text else text


def plain_signs(text: str) -> str:
    """Write the signs of a number as ASCII has them: Arabic decimal signs, and dashes for minus.

    >>> plain_signs("\u22120\u066b05")
    '-0.05'
    """
    return text if text.isascii() else text.translate(_SIGNS)


def plain_count(text: str, decimal: str = ".") -> str:
    """Write a whole number without its separators of thousands and without decimals of nought.

    A separator of thousands is a space (of any kind), an apostrophe, or of comma and point the one
    that does not separate decimals; it stands before three digits.

    Args:
        text: the cell.
        decimal: the sign that separates decimals in the table, "." or ",".

    Returns:
        The number as digits; the text as it stands where it is no such number. Nothing is guessed:
        '1.234' is one thousand only in a table with decimal commas.

    >>> [plain_count(text) for text in ("1 234", "1,234", "1.234", "12,5", "10-15")]
    ['1234', '1234', '1.234', '12,5', '10-15']
    >>> [plain_count(text, ",") for text in ("1.234", "12,0", "1,234")]
    ['1234', '12', '1,234']
    """
    point, thousands = (
        (",", "[. \u00a0\u2009\u202f'’]") if decimal == "," else (".", "[, \u00a0\u2009\u202f'’]")
    )
    text = plain_signs(text)
    found = re.fullmatch(
        rf"(\d+|\d{{1,3}}(?:({thousands})\d{{3}}(?:\2\d{{3}})*))(?:{re.escape(point)}0*)?",
        text.strip(),
    )
    return re.sub(thousands, "", found[1]) if found and found[1] else text


_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")


def are_points_thousands(cells: Iterable[str]) -> bool:
    """Tell whether a point stands between thousands in a column of counts.

    A count has no decimals, but programs write '3.0' and '3.000'. So each number with a point has
    to have three digits behind it, and one of them others than noughts, or else some numbers stand
    without a point.

    Args:
        cells: the cells of the column.

    >>> are_points_thousands(["12", "1.204"]), are_points_thousands(["12", "1.000"])
    (True, True)
    >>> are_points_thousands(["3.000", "1.000"]), are_points_thousands(["2.5", "1.204"])
    (False, False)
    """
    plain = pointed = certain = False
    for cell in cells:
        if "." not in cell:
            plain |= cell.strip().isdecimal()
        elif _GROUPED.fullmatch(cell.strip()):
            pointed, certain = True, certain or not cell.strip().endswith(".000")
        elif re.fullmatch(r"[+-]?\d*\.\d*", cell.strip()):
            return False
    return pointed and (certain or plain)


_PART = r"(\d{1,2}(?:[.,]\d+)?)"
_SPACED = re.compile(
    rf"([NSEWO])? ?(\d{{1,3}})[ :]{_PART}(?:[ :]{_PART})? ?([NSEWO])?", re.IGNORECASE
)
"""Degrees, minutes and seconds without their signs, which only a point of the compass tells."""
_DOTTED = re.compile(
    r"([NSEWO])? ?(\d{1,3})\.(\d{1,2})\.(\d{1,2}(?:[.,]\d+)?) ?([NSEWO])?", re.IGNORECASE
)
"""The same with points between them, as offices type them."""
_UNITS = tuple(
    (re.compile(rf"\s*(?:{words})\.?(?![^\W\d_])\s*", re.IGNORECASE), sign)
    for words, sign in (
        ("degrees?|deg|degres?|degrés?|grados?|graus?", "° "),
        ("minutes?|min|minutos?", "' "),
        ("seconds?|sec|secondes?|segundos?|seg", '" '),
    )
)
_SIDES = (("с.ш.", "N"), ("ю.ш.", "S"), ("в.д.", "E"), ("з.д.", "W"))
"""Points of the compass as Russian cuts them short."""
_DEGREES = re.compile(
    rf"([NSEWO])? ?([+-]?\d{{1,3}}(?:[.,]\d+)?) ?[°º]? ?(?:{_PART} ?['\u2032\u2019\u00b4] ?)?"
    rf"(?:{_PART} ?(?:[\"\u2033\u201d]|''|\u2032\u2032|\u2019\u2019) ?)?([NSEWO])?",
    re.IGNORECASE,
)


def plain_degrees(text: str, field: str) -> str:
    """Write degrees, minutes and seconds, or degrees with a point of the compass, as a decimal.

    Args:
        text: the cell.
        field: 'latitude' or 'longitude'. West is W, or O as in French and Spanish.

    Returns:
        Degrees north or east with six digits after the point; the text as it stands where it is
        no such angle.

    >>> plain_degrees("14°30'N", "latitude"), plain_degrees("4° 12' 36\\" O", "longitude")
    ('14.5', '-4.21')
    >>> plain_degrees("0.5 W", "longitude"), plain_degrees("0.5 W", "latitude")
    ('-0.5', '0.5 W')
    >>> plain_degrees("N 14 30 0", "latitude"), plain_degrees("14 30", "latitude")
    ('14.5', '14 30')
    """
    plain = text.strip().replace("´´", '"')
    for word, side in _SIDES:
        plain = plain.replace(word, side)
    if re.search(r"[^\W\d_]{3}", plain):
        for unit, sign in _UNITS:
            plain = unit.sub(sign, plain, count=1)
    found = _DEGREES.fullmatch(plain.strip())
    for other in (_SPACED.fullmatch(plain), _DOTTED.fullmatch(plain)):
        found = other if other and (other[1] or other[5]) else found
    if found is None or not any(found.group(1, 3, 4, 5)) or (found[1] and found[5]):
        return text
    side = (found[1] or found[5] or "").upper()
    degrees, minutes, seconds = (
        float((part or "0").replace(",", ".")) for part in found.group(2, 3, 4)
    )
    astray = side and (side not in ("NS" if field == "latitude" else "EWO") or found[2][0] in "+-")
    # Programs that round the seconds write 23'60\" where they mean 24'.
    if astray or minutes > 60 or seconds > 60:
        return text
    angle = abs(degrees) + minutes / 60 + seconds / 3600
    south = side in ("S", "W", "O") if side else found[2].startswith("-")
    return f"{-angle if south else angle:.6f}".rstrip("0").rstrip(".")


_NUMBER = r"[+-]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(
    rf"[(\[]?\s*({_NUMBER})\s*[,;/\s]\s*({_NUMBER})(?:[,;\s]\s*-?\d+(?:\.\d+)?){{0,2}}\s*[)\]]?"
)
"""Degrees north and east, perhaps with a height and an accuracy, as phones write a point."""
_LINKED = re.compile(rf"https?://\S*?(?:@|[?&/](?:q|ll|query|place)[=/])({_NUMBER}),({_NUMBER})\S*")
"""The address of a page of a map, which holds the point that it shows."""
_LABELLED = re.compile(
    rf"lat(?:itude)?[:= ]{{1,3}}({_NUMBER})[,;/ ]{{1,3}}"
    rf"(?:lon|lng|long|longitude)[:= ]{{1,3}}({_NUMBER})",
    re.IGNORECASE,
)
_MARKER = re.compile(rf"https?://\S*?[?&]mlat=({_NUMBER})&mlon=({_NUMBER})\S*", re.IGNORECASE)
_MAP = re.compile(rf"https?://\S*?#(?:map=)?\d{{1,2}}(?:\.\d+)?/({_NUMBER})/({_NUMBER})\S*")
_URI = re.compile(rf"geo:({_NUMBER}),({_NUMBER})(?:[,;?]\S*)?", re.IGNORECASE)
_GEOJSON = re.compile(
    r'\{\s*"type"\s*:\s*"Point"\s*,\s*"coordinates"\s*:\s*\[\s*'
    rf"({_NUMBER})\s*,\s*({_NUMBER})\b"
    r"[^\]]*\]\s*\}"
)
_ANGLES = re.compile(
    r"([^,;/]+?(?<![^\W\d])[NS])\s*[,;/ ]\s*([^,;/]+?(?<![^\W\d])[EWO])"
    r"|([NS](?![^\W\d])[^,;/]+?)\s*[,;/ ]\s*([EWO](?![^\W\d]).+)",
    re.IGNORECASE,
)
"""Two angles, each with its point of the compass."""
_COMMAS = re.compile(r"([+-]?\d{1,3},\d+)\s*[;\s]\s*([+-]?\d{1,3},\d+)")
_WKT = re.compile(
    rf"(?:SRID=4326;\s*)?POINT\s*(?:Z|M|ZM)?\s*\(\s*({_NUMBER})\s+({_NUMBER})(?:\s[^()]*)?\)",
    re.IGNORECASE,
)
"""A point as OGC's Simple Features write it: degrees east come first."""


def _two_angles(text: str) -> list[str]:
    """Two angles with their sides, the first north or south; none where either is no angle."""
    found = _ANGLES.fullmatch(text)
    parts = [part.strip() for part in found.groups() if part] if found else []
    fields = zip(parts, ("latitude", "longitude"), strict=False)
    return parts if all(plain_degrees(part, field) != part for part, field in fields) else []


_NORTH_FIRST = (_LINKED, _LABELLED, _MARKER, _MAP, _URI)


_EAST_FIRST = re.compile(
    r"\b(?:long?|lng|longitude|longitud|est|east|este|x)\b.{0,3}\b(?:lat|latitude|latitud|nord|north|norte|y)\b"
)


@lru_cache
def east_first(heading: str) -> bool:
    """Tell whether the heading of a column of points says that degrees east come first.

    >>> east_first("Coordonnées (long ; lat)"), east_first("GPS (lat, long)"), east_first("x y")
    (True, False, True)
    """
    return bool(_EAST_FIRST.search(HEADINGS.fold(heading)))


def one_of_pair(text: str, field: str, *, east_first: bool = False) -> str:
    """Take one coordinate of a cell that holds both: a mapping may name it for both fields.

    Args:
        text: the cell: '15.66, 0.5', '15.66 0.5 240 5' as a form of KoboToolbox, or
            'POINT (0.5 15.66)'; the address of a page of a map, '…/@15.66,0.5,15z'; two angles
            with their sides; or a reference of a grid (`geography.grids`).
        field: 'latitude' or 'longitude'.
        east_first: two bare numbers are degrees east and north, as the heading says.

    Returns:
        The coordinate as it stands; the text where it is no such pair.

    >>> one_of_pair("15.66, 0.5", "longitude"), one_of_pair("POINT (0.5 15.66)", "longitude")
    ('0.5', '0.5')
    >>> one_of_pair("15,66", "latitude"), one_of_pair("15 30", "latitude")
    ('15,66', '15 30')
    """
    bare = text.strip()
    if found := _WKT.fullmatch(bare) or _GEOJSON.fullmatch(bare):
        east, north = found.groups()
    elif found := next(filter(None, (one.fullmatch(bare) for one in _NORTH_FIRST)), None):
        north, east = found.groups()
    elif found := _COMMAS.fullmatch(bare):
        first, second = (part.replace(",", ".") for part in found.groups())
        north, east = (second, first) if east_first else (first, second)
    elif (found := _PAIR.fullmatch(bare)) and all("." in part for part in found.groups()):
        first, second = found.groups()
        north, east = (second, first) if east_first else (first, second)
    elif angles := _two_angles(bare):
        north, east = angles
    elif point := grid_point(bare):
        north, east = (f"{one:.6f}" for one in point)
    else:
        return text
    return north if field == "latitude" else east
