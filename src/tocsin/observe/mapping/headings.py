"""What the heading of a column may mean, for a draft of a mapping."""

from __future__ import annotations

import re
from dataclasses import replace

from tocsin.schema.vocabulary.folding import HEADINGS
from tocsin.schema.vocabulary.heading import (
    DAYS_OF_MONTHS,
    Spelling,
    find_spellings,
    of_some,
)
from tocsin.schema.vocabulary.heading.further import STAMPS as STAMPED

SENT = frozenset({"_uuid", "_submission_time", "instanceID", "SubmissionDate"})
"""Columns by which an export of submissions to a form is known, whatever the form asks."""
FILLED_IN = frozenset((
    "start", "end", "today", "deviceid", "_submission_time", "submissiondate", "reviewstate",
    "_validation_status",
))  # fmt: skip
"""Columns of such an export that tell of the filling in and of its review, in small letters."""
STAMPS = frozenset(map(HEADINGS.fold, STAMPED.split("|")))
"""What programs call the time at which a row was written, sent or changed, folded."""
FIPS = frozenset(
    {
        "actiongeocountrycode", "actor1geocountrycode", "actor2geocountrycode", "actor1countrycode",
        "actor2countrycode", "fips", "fipscode", "fips10", "fips104", "fipscountry", "countryfips",
        "fipscountrycode", "countrycodefips", "fipscntry", "cntryfips",
    }
)  # fmt: skip
"""Columns of countries' codes that are not of ISO 3166, in small letters without signs."""


def is_fips(name: str) -> bool:
    """Tell whether a heading is one of `FIPS`, however it is written.

    >>> is_fips("ActionGeo_CountryCode"), is_fips("actiongeo_countrycode"), is_fips("country")
    (True, True, False)
    """
    return re.sub(r"[\W_]", "", name).casefold() in FIPS


_LAST = frozenset({"end", "fin", "final", "last", "finish"})
"""Words of a name that tell of the end of a span, which is not its day."""
_GROUPS = re.compile(
    r"/|-(?=Latitude$|Longitude$)|(?<=gps)_(?=latitude$|longitude$)|(?<=[a-z_\d])\.(?=[A-Za-z_]{2})"
    r"|(?<=[a-z])-(?=[a-z_]+$)"
)
_NUMBERED = re.compile(r"^(?:q?\d{1,3}[_.):]\s*)+|_\d{1,3}_[^_]+$", re.IGNORECASE)
"""A question's number, as Epicollect puts it before it, or behind with the name of its place."""


def own_part(name: str) -> str:
    """Take a question's own name, where those of its groups stand before it, as surveys have it.

    >>> own_part("lieu/pays"), own_part("ubicacion-Latitude"), own_part("Killed")
    ('pays', 'Latitude', 'Killed')
    >>> own_part("form.harm.killed"), own_part("4_Number_killed"), own_part("lat_3_Where")
    ('killed', 'Number_killed', 'lat')
    """
    return _NUMBERED.sub("", _GROUPS.split(name)[-1]) or name


def meanings(name: str) -> dict[str, Spelling]:
    """List the fields that a heading may mean; the start of a span is the day of a mapping.

    The end of a span is not its day, and the women killed are not the killed.

    Args:
        name: the heading.

    Returns:
        Field to the spelling by which the heading may mean it.

    >>> sorted(meanings("Start Year")), sorted(meanings("End Year")), meanings("Killed - women")
    (['year'], [], {})
    """
    named: dict[str, Spelling] = {}
    for one in find_spellings(name):
        start = one.field == "date_start"
        found = replace(one, field="date", score=0.98 * one.score) if start else one
        if found.score > (named[found.field].score if found.field in named else 0.0):
            named[found.field] = found
    if HEADINGS.fold(name) in map(HEADINGS.fold, DAYS_OF_MONTHS):
        named["day"] = replace(named["date"], field="day")
    words = set(HEADINGS.fold(name).split())
    gone = {"year", "month", "day"} if words & _LAST else set[str]()
    if of_some(name):
        gone |= {"deaths_best", "deaths_low", "deaths_high"}
    return {field: one for field, one in named.items() if field not in gone}
