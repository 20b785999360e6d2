"""Infos, resources and areas by the clause that decides, each with the verdict that it asks for.

Verdict and clause were written before the check was asked; the names of rules were added after.
Names, numbers and places are made up.
"""

from __future__ import annotations

from share.cap.habits import NORTH
from share.cap.styles import (
    PLAIN,
    SOON,
    alert,
    code,
    info,
    plain,
)

WORDS = "<resourceDesc>map</resourceDesc>"
TEXT = "<mimeType>text/plain</mimeType>"
LINK = "<uri>https://example.org/a</uri>"


def resource(inside: str) -> str:
    return plain(after=f"<resource>{inside}</resource>")


CONTENTS: dict[str, tuple[str, str, str, str | bytes]] = {
    "two languages with unlike ends": (
        "3.2.2",
        "",
        "",
        alert(
            PLAIN
            + info("Flood", SOON, NORTH, language="en-CA")
            + info("Crue", "2026-11-30T00:00:00-00:00", NORTH, language="fr-CA")
        ),
    ),
    "one language twice, with two events": (
        "3.2.2",
        "",
        "",
        alert(PLAIN + info("Flood", SOON, NORTH) + info("Wind", SOON, NORTH)),
    ),
    "content in lines of 76": (
        "3.2.3",
        "",
        "deref-network",
        resource(
            WORDS + TEXT + "<uri>https://example.org/a.txt</uri><derefUri>YWJj\n  ZGVm\n</derefUri>"
        ),
    ),
    "content by a name in the message": (
        "3.2.3",
        "",
        "deref-network",
        resource(WORDS + TEXT + "<uri>map.txt</uri><derefUri>YWJj</derefUri>"),
    ),
    "a name of content that is not there": (
        "3.2.3",
        "uri-relative",
        "",
        resource(WORDS + TEXT + "<uri>map.txt</uri>"),
    ),
    "a digest in capitals": (
        "3.2.3",
        "",
        "",
        resource(
            WORDS
            + TEXT
            + "<uri>https://example.org/a</uri><digest>A9993E364706816ABA3E25717850C26C9CD0D89D</digest>"
        ),
    ),
    "a digest of another kind": (
        "3.2.3",
        "digest",
        "",
        resource(
            WORDS + TEXT + "<uri>https://example.org/a</uri><digest>" + "ab" * 32 + "</digest>"
        ),
    ),
    "a digest of other content": (
        "3.2.3",
        "digest-differs",
        "deref-network",
        resource(
            WORDS + TEXT + "<uri>map.txt</uri><derefUri>YWJk</derefUri>"
            "<digest>a9993e364706816aba3e25717850c26c9cd0d89d</digest>"
        ),
    ),
    "a size in words": (
        "3.2.3 xs:integer",
        "size",
        "",
        resource(WORDS + TEXT + "<size>3 kB</size>" + LINK),
    ),
    "a size with a fraction": (
        "3.2.3 xs:integer",
        "size",
        "",
        resource(WORDS + TEXT + "<size>3.5</size>" + LINK),
    ),
    "a kind of content without its second part": (
        "3.2.3 RFC 2046",
        "mime",
        "",
        resource(WORDS + "<mimeType>image</mimeType>" + LINK),
    ),
    "content of no kind": (
        "3.2.3 required in 1.2",
        "required",
        "",
        resource(WORDS + LINK),
    ),
    "content without words": ("3.2.3 required", "required", "", resource(TEXT + LINK)),
    "a kind of content with its signs": (
        "RFC 2045 parameter",
        "",
        "",
        resource(WORDS + "<mimeType>text/html; charset=utf-8</mimeType>" + LINK),
    ),
    "a circle of no size": ("3.2.4", "", "", plain("<circle>1.5,1.5 0</circle>")),
    "a circle around half the Earth": ("3.2.4", "", "", plain("<circle>0,0 20015</circle>")),
    "a circle larger than the Earth": (
        "3.2.4 radius in km",
        "circle-radius",
        "",
        plain("<circle>0,0 25000</circle>"),
    ),
    "a circle by three commas": ("3.2.4", "circle-form", "", plain("<circle>1.5,1.5,10</circle>")),
    "a circle with its unit": ("3.2.4", "circle-form", "", plain("<circle>1.5,1.5 10km</circle>")),
    "a circle beyond the pole": ("3.2.4", "latitude", "swapped", plain("<circle>95,0 10</circle>")),
    "over the date line": (
        "3.2.4",
        "",
        "polygon-dateline",
        plain("<polygon>-16,179 -16,-179 -18,-179 -18,179 -16,179</polygon>"),
    ),
    "longitudes that go on beyond 180": (
        "3.2.4 WGS 84",
        "longitude",
        "",
        plain("<polygon>-16,179 -16,181 -18,181 -18,179 -16,179</polygon>"),
    ),
    "a hole by a bridge": (
        "3.2.4 does not forbid it",
        "",
        "polygon-touching",
        plain("<polygon>0,0 0,9 9,9 9,0 0,0 3,3 6,3 6,6 3,6 3,3 0,0</polygon>"),
    ),
    "a hole by a second polygon": (
        "3.2.4 polygons are joined",
        "",
        "",
        plain("<polygon>0,0 0,9 9,9 9,0 0,0</polygon><polygon>3,3 3,6 6,6 6,3 3,3</polygon>"),
    ),
    "three codes of two systems": (
        "3.2.4",
        "",
        "",
        plain(code("SAME", "006109") + code("SAME", "006009") + code("UGC", "CAC009")),
    ),
    "a code without its value": (
        "3.2.4",
        "required",
        "",
        plain("<geocode><valueName>SAME</valueName></geocode>"),
    ),
    "a mark of UTF-8 before a declaration of another encoding": (
        "XML 4.3.3",
        "readable",
        "",
        "\ufeff" + plain().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"'),
    ),
    "a mark of UTF-8 before a declaration of it": ("XML 4.3.3", "", "", "\ufeff" + plain()),
    "an encoding that only one language of programs knows": (
        "XML 4.3.3",
        "readable",
        "",
        plain().replace('encoding="UTF-8"', 'encoding="unicode_escape"').replace("Flood", "\\x46"),
    ),
    "a no-break space between pairs": (
        "3.2.4 whitespace-delimited, as XML has it",
        "polygon-form",
        "",
        plain("<polygon>1,1\u00a01,2 2,2 2,1 1,1</polygon>"),
    ),
    "a no-break space after a circle": (
        "3.2.4",
        "circle-form",
        "",
        plain("<circle>1,1 5\u00a0</circle>"),
    ),
    "a no-break space before a time": (
        "3.3.2",
        "time",
        "",
        plain().replace("<sent>", "<sent>\u00a0"),
    ),
    "a point by a radius of nothing": ("3.2.4", "", "", plain("<circle>-1.5,+1.0 0.0</circle>")),
    "signs of plus, and a bare point": (
        "3.2.4",
        "",
        "",
        plain("<polygon>+.5,+.5 .5,2. 2,2 .50,.50</polygon>"),
    ),
    "digits of Arabic": ("3.2.4", "polygon-form", "", plain("<polygon>٣,٣ ٣,٢ ٢,٢ ٣,٣</polygon>")),
    "no language between its tags": (
        "3.4 the schema puts en-US there",
        "",
        "language-default",
        plain().replace("<language>en</language>", "<language/>"),
    ),
}
"""Clause, errors, warnings and notes, and the message, by what it shows."""
