"""Which column of an event file means what: by its name, or as a mapping file says."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tocsin.errors import UsageError

SPELLINGS: dict[str, tuple[str, ...]] = {
    "id": (
        "id", "eventid", "reportid", "eventidcnty", "globaleventid", "recordid", "rowid",
        "incidentid", "uid", "uuid", "identifier", "key", "code", "eventkey", "reference", "ref",
        "dataid", "relid", "caseid", "no", "nr", "number", "index",
    ),
    "date_start": (
        "datestart", "startdate", "start", "dateofstart", "begin", "begindate", "datebegin",
        "from", "datefrom", "fromdate", "firstday", "dateearliest", "earliest", "mindate",
        "datemin", "startday", "eventstart", "eventstartdate", "t0", "starttime", "debut",
        "datelow",
    ),
    "date_end": (
        "dateend", "enddate", "end", "dateofend", "until", "to", "dateto", "todate", "lastday",
        "datelatest", "latest", "maxdate", "datemax", "endday", "eventend", "eventenddate", "t1",
        "endtime", "fin", "datehigh", "finish",
    ),
    "date": (
        "date", "eventdate", "day", "sqldate", "incidentdate", "reportdate", "dateevent",
        "dateofevent", "dateofincident", "when", "timestamp", "datetime", "dt", "time",
        "occurred", "occurredon", "dateoccurred", "fecha", "jour", "datum", "dates",
    ),
    "year": ("year", "iyear", "yr", "eventyear", "annee", "ano"),
    "month": ("month", "imonth", "mon", "eventmonth", "mois", "mes"),
    "day": ("dayofmonth", "iday", "dd", "eventday", "monthday", "day"),
    "date_prec": (
        "dateprec", "dateprecision", "timeprecision", "timeprec", "precisiondate", "dprec",
        "dayprecision", "datequality", "dateaccuracy", "precisiontime",
    ),
    "lat": (
        "latitude", "lat", "y", "ycoord", "coordy", "actiongeolat", "gpslat", "ylat", "geolat",
        "latdd", "decimallatitude", "latitud", "eventlat", "eventlatitude",
    ),
    "lon": (
        "longitude", "lon", "lng", "long", "x", "xcoord", "coordx", "actiongeolong", "gpslon",
        "xlong", "geolon", "geolong", "londd", "decimallongitude", "longitud", "eventlon",
        "eventlong", "eventlongitude",
    ),
    "place": (
        "wherecoordinates", "place", "location", "placename", "locationname", "city", "town",
        "site", "settlement", "locality", "village", "actiongeofullname", "where", "loc",
        "lieu", "lugar", "wheredescription", "place1", "area", "geoname", "toponym", "ville",
    ),
    "adm1": (
        "adm1", "admin1", "adm1name", "admin1name", "province", "governorate", "provstate",
        "state", "region1", "adminlevel1", "adm1en", "prefecture", "department",
        "actiongeoadm1code", "gouvernorat", "adminname", "adm", "admin", "firstadmin", "wilaya",
    ),
    "adm2": (
        "adm2", "admin2", "adm2name", "admin2name", "district", "county", "adminlevel2", "adm2en",
        "commune", "subdistrict", "subprefecture",
    ),
    "country": (
        "country", "countryname", "countrytxt", "actiongeocountrycode", "iso3", "iso",
        "countrycode", "pays", "pais", "nation", "territory", "gwno", "countryid",
    ),
    "place_prec": (
        "whereprec", "geoprecision", "placeprec", "placeprecision", "geoprec", "specificity",
        "precisionplace", "locationprecision", "actiongeotype", "locationprec", "placeaccuracy",
        "geoaccuracy", "geoquality",
    ),
    "actor_a": (
        "actor1", "actora", "sidea", "side1", "actor", "perp", "perpetrator", "gname", "group",
        "actor1name", "attacker", "initiator", "perpname", "actoraname", "partya", "party1",
        "sourceactor", "aggressor", "armedgroup", "perpetrator1", "groupname", "who", "acteur1",
        "acteur", "organisation", "organization", "sideaname",
    ),
    "actor_b": (
        "actor2", "actorb", "sideb", "side2", "target", "victim", "actor2name", "defender",
        "opponent", "actorbname", "partyb", "party2", "targetactor", "targ", "targetname",
        "opponent1", "against", "acteur2", "sidebname", "recipient", "othergroup", "targtype1txt",
    ),
    "deaths_best": (
        "best", "deaths", "fatalities", "killed", "deathsbest", "bestestimate",
        "deathsbestestimate", "nkill", "dead", "casualties", "fatalitiesbest", "bestdeaths",
        "deathstotal", "totaldeaths",
        "numkilled", "deathtoll", "toll", "bestest", "ndeaths", "nkilled", "morts", "muertos",
        "fatality", "count", "victims", "deathcount", "fatalitycount",
    ),
    "deaths_low": (
        "low", "deathslow", "lowestimate", "deathsmin", "mindeaths", "fatalitieslow", "lowdeaths",
        "lowest", "killedlow", "lowerestimate", "fatalitiesmin", "casualtieslow", "killedmin",
        "minkilled", "minfatalities", "casualtiesmin", "deathslowestimate",
    ),
    "deaths_high": (
        "high", "deathshigh", "highestimate", "deathsmax", "maxdeaths", "fatalitieshigh",
        "highdeaths", "highest", "killedhigh", "upperestimate", "fatalitiesmax", "casualtieshigh",
        "killedmax", "maxkilled", "maxfatalities", "casualtiesmax", "deathshighestimate",
    ),
    "type": (
        "typeofviolence", "eventtype", "type", "category", "kind", "attacktype1txt", "eventcode",
        "violencetype", "attacktype1", "eventrootcode", "class", "eventclass", "typecode",
        "incidenttype", "attacktype", "eventcategory", "violence", "disordertype", "subeventtype",
        "taxonomy", "genre",
    ),
}  # fmt: skip
"""Role to the names that files give it, without case, accents and signs; the likeliest first."""

ROLES = tuple(SPELLINGS)
_ENDINGS = ("en", "fr", "name", "txt", "value", "est", "estimate")


@dataclass(frozen=True)
class FileMapping:
    """What a mapping file says of each source, of extra columns, and which codes mean the same."""

    roles: dict[str, dict[str, str]] = field(default_factory=dict)
    extra: dict[str, tuple[str, ...]] = field(default_factory=dict)
    taxonomy: dict[str, dict[tuple[str, str], str]] = field(default_factory=dict)
    """Column to (source, code) to the concept that the code means."""


def recognise(
    header: Sequence[str], given: Mapping[str, str] | None = None, *, where: str = ""
) -> dict[str, str]:
    """Role to column, as far as the header tells.

    Args:
        header: the file's column names.
        given: roles that a mapping file set; they win.
        where: name of the file, for errors.

    Raises:
        UsageError: the mapping names an unknown role or a column that the file lacks.

    >>> recognise(["Event ID", "event_date", "latitude", "longitude", "ADM1_EN"])["adm1"]
    'ADM1_EN'
    """
    given = dict(given or {})
    for role, column in given.items():
        if role not in SPELLINGS:
            raise UsageError(
                f"'{role}' is not a role.", where=where, remedy=f"Roles are: {', '.join(ROLES)}."
            )
        if column not in header:
            raise UsageError(
                f"The mapping names the column '{column}', which the file lacks.",
                where=where,
                remedy=f"Its columns are: {', '.join(header)}.",
            )
    found = dict(given)
    plain: dict[str, list[str]] = {}
    for column in header:
        plain.setdefault(_plain(column), []).append(column)
    for name in list(plain):
        for ending in _ENDINGS:
            if name.endswith(ending) and len(name) > len(ending) + 2:
                plain.setdefault(name.removesuffix(ending), plain[name])
    for role, spellings in SPELLINGS.items():
        if role in found:
            continue
        taken = set(found.values())
        for spelling in spellings:
            columns = [c for c in plain.get(spelling, []) if c not in taken]
            if columns:
                found[role] = columns[0]
                break
    return _settled(found, given)


def _settled(found: dict[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """A column called `day` is a date on its own, and a day of the month beside year and month."""
    parts = {"year", "month", "day"} <= set(found)
    named_day = "date" in found and "date" not in given and _plain(found["date"]) == "day"
    if named_day and "year" in found and "month" in found:
        found["day"] = found.pop("date")
        parts = True
    if parts and "date" not in found and "date_start" not in found:
        return found
    if "date" in found or "date_start" in found:
        for role in ("month", "day"):
            if role not in given:
                found.pop(role, None)
    return found


def read_mapping(path: Path) -> FileMapping:
    """Read a mapping file.

    Raises:
        UsageError: the file is missing or not what docs/methods/linkage.md describes.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise UsageError("There is no such file.", where=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"The mapping is not TOML: {error}.", where=str(path)) from error
    roles: dict[str, dict[str, str]] = {}
    extra: dict[str, tuple[str, ...]] = {}
    taxonomy: dict[str, dict[tuple[str, str], str]] = {}
    for name, value in content.items():
        if not isinstance(value, dict):
            raise _wrong(path, name)
        if name == "taxonomy":
            taxonomy = _taxonomy(value, path)
            continue
        columns = dict(value)
        listed = columns.pop("extra", [])
        if not isinstance(listed, list) or not all(isinstance(c, str) for c in listed):
            raise _wrong(path, f"{name}.extra")
        if not all(isinstance(column, str) for column in columns.values()):
            raise _wrong(path, name)
        roles[name], extra[name] = columns, tuple(listed)
    return FileMapping(roles, extra, taxonomy)


def _taxonomy(content: Mapping[str, Any], path: Path) -> dict[str, dict[tuple[str, str], str]]:
    result: dict[str, dict[tuple[str, str], str]] = {}
    for column, concepts in content.items():
        if not isinstance(concepts, dict):
            raise _wrong(path, f"taxonomy.{column}")
        for concept, sources in concepts.items():
            if not isinstance(sources, dict):
                raise _wrong(path, f"taxonomy.{column}.{concept}")
            for source, codes in sources.items():
                for code in codes if isinstance(codes, list) else [codes]:
                    result.setdefault(column, {})[(source, str(code))] = concept
    return result


def _wrong(path: Path, place: str) -> UsageError:
    return UsageError(
        f"'{place}' is not written as a mapping should be.",
        where=str(path),
        remedy="docs/methods/linkage.md shows a mapping file.",
    )


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[^a-z0-9]", "", folded)
