"""Points as people and programs write them, and the ways in which they go wrong."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

from fieldkinds.truth import Event, Made, case, delimited, named, table, usual


def _dms(value: float, sides: str, form: str) -> str:
    seconds = round(abs(value) * 3600)
    degrees, rest = divmod(seconds, 3600)
    return form.format(
        d=degrees, m=rest // 60, s=rest % 60, f=f"{rest / 60:.3f}", side=sides[value < 0]
    )


def _angles(name: str, form: str, sides: tuple[str, str] = ("NS", "EW"), **answer: object) -> None:
    def make(told: list[Event]) -> Made:
        columns = usual(
            Latitude=lambda e: _dms(e.north, sides[0], form),
            Longitude=lambda e: _dms(e.east, sides[1], form),
        )
        return "log.tsv", delimited(table(told, columns), "\t")

    case("Mozambique", **answer)(named(f"point_{name}", make))


_angles("primes", "{d}° {m:02d}′ {s:02d}″ {side}")
_angles("typed", "{d}°{m:02d}'{s:02d}\" {side}")
_angles("masculine", "{d}º{m:02d}´{s:02d}´´{side}")
_angles("words", "{d} deg {m} min {s} sec {side}")
_angles("minutes", "{d}° {f}' {side}")
_angles("minutes_bare", "{side}{d} {f}")
_angles("points_between", "{d}.{m:02d}.{s:02d} {side}")
_angles("french_west", "{d}°{m:02d}'{s:02d}\" {side}", ("NS", "EO"))


def utm(north: float, east: float) -> tuple[int, str, int, int]:
    """Zone, its letter, and metres east and north, by WGS 84 (Snyder 1987, formulas 8-9 to 8-15)."""
    zone = int((east + 180) // 6) + 1
    a, f, k0 = 6378137.0, 1 / 298.257223563, 0.9996
    e2 = f * (2 - f)
    ep2 = e2 / (1 - e2)
    phi, lam = math.radians(north), math.radians(east - (zone * 6 - 183))
    n = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    t, c, aa = math.tan(phi) ** 2, ep2 * math.cos(phi) ** 2, math.cos(phi) * lam
    m = a * (
        (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256) * phi
        - (3 * e2 / 8 + 3 * e2**2 / 32 + 45 * e2**3 / 1024) * math.sin(2 * phi)
        + (15 * e2**2 / 256 + 45 * e2**3 / 1024) * math.sin(4 * phi)
        - (35 * e2**3 / 3072) * math.sin(6 * phi)
    )
    x = k0 * n * (aa + (1 - t + c) * aa**3 / 6
                  + (5 - 18 * t + t**2 + 72 * c - 58 * ep2) * aa**5 / 120) + 500000  # fmt: skip
    y = k0 * (m + n * math.tan(phi) * (aa**2 / 2 + (5 - t + 9 * c + 4 * c**2) * aa**4 / 24
              + (61 - 58 * t + t**2 + 600 * c - 330 * ep2) * aa**6 / 720))  # fmt: skip
    letter = "CDEFGHJKLMNPQRSTUVWX"[int((north + 80) // 8)]
    return zone, letter, round(x), round(y + (10_000_000 if north < 0 else 0))


def mgrs(north: float, east: float) -> str:
    """A reference of the Military Grid to a metre."""
    zone, letter, x, y = utm(north, east)
    columns = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")[zone % 3]
    rows = "ABCDEFGHJKLMNPQRSTUV" if zone % 2 else "FGHJKLMNPQRSTUVABCDE"
    square = columns[x // 100_000 - 1] + rows[(y // 100_000) % 20]
    return f"{zone}{letter}{square}{x % 100_000:05d}{y % 100_000:05d}"


def plus_code(north: float, east: float) -> str:
    """An Open Location Code of ten digits."""
    signs, y, x = "23456789CFGHJMPQRVWX", north + 90, east + 180
    code, size = "", 20.0
    for _ in range(5):
        code += signs[int(y // size) % 20] + signs[int(x // size) % 20]
        y, x, size = y % size, x % size, size / 20
    return f"{code[:8]}+{code[8:]}"


def _coded(name: str, heading: str, code: Callable[[Event], str], **answer: object) -> None:
    def make(told: list[Event]) -> Made:
        columns = {**usual(Latitude=None, Longitude=None), heading: code}
        return "log.csv", delimited(table(told, columns))  # type: ignore[arg-type]

    case("Mozambique", **answer)(named(f"point_{name}", make))


# Not read, or read: never lost without a word that says what to do.
_coded("utm_one_cell", "UTM", lambda e: "{}{} {} {}".format(*utm(e.north, e.east)), near=0.01,
       kept={at: {"point": None} for at in range(6)})  # fmt: skip
_coded("mgrs", "MGRS", lambda e: mgrs(e.north, e.east), near=0.01,
       kept={at: {"point": None} for at in range(6)})  # fmt: skip
_coded("mgrs_spaced", "Grid reference", lambda e: " ".join(
    (mgrs(e.north, e.east)[:3], mgrs(e.north, e.east)[3:5], mgrs(e.north, e.east)[5:10],
     mgrs(e.north, e.east)[10:])), near=0.01, kept={at: {"point": None} for at in range(6)})  # fmt: skip
_coded("plus_codes", "Plus code", lambda e: plus_code(e.north, e.east), near=0.01,
       kept={at: {"point": None} for at in range(6)})  # fmt: skip
_coded("pair_labelled", "GPS", lambda e: f"Lat: {e.north}, Lon: {e.east}")
_coded("pair_slash", "Coordinates", lambda e: f"{e.north} / {e.east}")
_coded("pair_sides", "Coordonnées", lambda e: f"{abs(e.north)}° S, {e.east}° E")
_coded("pair_dms", "GPS", lambda e: _dms(e.north, "NS", "{d}°{m:02d}'{s:02d}\"{side}") + " "
       + _dms(e.east, "EW", "{d}°{m:02d}'{s:02d}\"{side}"))  # fmt: skip
_coded("wkt", "WKT", lambda e: f"POINT ({e.east} {e.north})")
_coded("ewkt", "geom", lambda e: f"SRID=4326;POINT({e.east} {e.north})")
_coded("geojson_cell", "geometry",
       lambda e: f'{{"type":"Point","coordinates":[{e.east},{e.north}]}}')  # fmt: skip
_coded(
    "map_link",
    "Map",
    lambda e: (
        f"https://www.openstreetmap.org/?mlat={e.north}&mlon={e.east}#map=12/{e.north}/{e.east}"
    ),
)
_coded("geo_uri", "Position", lambda e: f"geo:{e.north},{e.east};u=20")


@case("Mozambique", kept={at: {"point": None} for at in range(6)})
def point_utm_columns(told: list[Event]) -> Made:
    """Zone, easting and northing apart."""
    columns = {**usual(Latitude=None, Longitude=None),
               "Zone": lambda e: "{}{}".format(*utm(e.north, e.east)[:2]),
               "Easting": lambda e: utm(e.north, e.east)[2],
               "Northing": lambda e: utm(e.north, e.east)[3]}  # fmt: skip
    return "log.csv", delimited(table(told, columns))  # type: ignore[arg-type]


@case("Mozambique", kept={2: {"point": "swapped"}})
def one_point_swapped(told: list[Event]) -> Made:
    """In one row north and east stand the wrong way round; it is said so, not only 'outside'."""
    rows = table(told, usual())
    rows[3][5], rows[3][6] = rows[3][6], rows[3][5]
    return "log.csv", delimited(rows)


@case("Mozambique", kept={1: {"point": "sign"}, 2: {"point": "sign"}})
def signs_lost(told: list[Event]) -> Made:
    """South without its sign: the point lies in Sudan."""
    rows = table(told, usual())
    for at in (1, 2):
        rows[at + 1][5] = abs(float(str(rows[at + 1][5])))
    return "log.csv", delimited(rows)


@case("Mozambique", kept={at: {"point": None} for at in (0, 3)})
def decimal_point_dropped(told: list[Event]) -> Made:
    """-10.78 became -1078, as spreadsheets of another language make it."""
    rows = table(told, usual())
    for at in (0, 3):
        for column in (5, 6):
            rows[at + 1][column] = str(rows[at + 1][column]).replace(".", "")
    return "log.csv", delimited(rows)


@case("Mozambique", kept={1: {"point": None}})
def null_island(told: list[Event]) -> Made:
    """0, 0 is no place where anything happened."""
    rows = table(told, usual())
    rows[2][5] = rows[2][6] = 0
    return "log.csv", delimited(rows)


@case("Kenya", kept={1: {"point": None}})
def null_island_near(told: list[Event]) -> Made:
    """0, 0 in a country at the equator too."""
    rows = table(told, usual())
    rows[2][5] = rows[2][6] = "0.0"
    return "log.csv", delimited(rows)


def _features(
    told: list[Event], crs: object = None, at: Callable[[Event], object] | None = None
) -> str:
    def point(e: Event) -> object:
        return {"type": "Point", "coordinates": [e.east, e.north]}

    found: dict[str, object] = {"type": "FeatureCollection", "name": "incidents"}
    if crs:
        found["crs"] = {"type": "name", "properties": {"name": crs}}
    found["features"] = [
        {"type": "Feature", "geometry": (at or point)(e), "properties": {
            "id": e.id, "date": e.day.isoformat(), "country": e.country, "killed": e.dead}}
        for e in told
    ]  # fmt: skip
    return json.dumps(found)


def mercator(e: Event) -> tuple[float, float]:
    """Metres of Web Mercator (EPSG:3857)."""
    radius = 6378137.0
    return (
        round(radius * math.radians(e.east), 2),
        round(radius * math.log(math.tan(math.pi / 4 + math.radians(e.north) / 2)), 2),
    )


@case("Mozambique")
def geojson_crs84(told: list[Event]) -> Made:
    """As QGIS writes it."""
    return "incidents.geojson", _features(told, "urn:ogc:def:crs:OGC:1.3:CRS84")


@case(
    "Mozambique",
    either="EPSG|projected|degrees|4326",
    kept={at: {"point": None} for at in range(6)},
)
def geojson_mercator(told: list[Event]) -> Made:
    """Metres of Web Mercator under a CRS that says so."""

    def at(e: Event) -> object:
        return {"type": "Point", "coordinates": list(mercator(e))}

    return "incidents.geojson", _features(told, "urn:ogc:def:crs:EPSG::3857", at)


@case("Mozambique", kept={1: {"point": "none"}, 2: {"point": "none"}})
def geojson_without_points(told: list[Event]) -> Made:
    """A feature without a geometry and one with an area."""

    def at(e: Event) -> object:
        if e.id == "E2":
            return None
        if e.id == "E3":
            ring = [
                [e.east, e.north],
                [e.east + 1, e.north],
                [e.east, e.north + 1],
                [e.east, e.north],
            ]
            return {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Point", "coordinates": [e.east, e.north]}

    return "incidents.geojson", _features(told, None, at)


def _esri(told: list[Event], wkid: int, at: Callable[[Event], tuple[float, float]]) -> str:
    from datetime import UTC, datetime

    return json.dumps({
        "displayFieldName": "", "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": wkid, "latestWkid": 3857 if wkid == 102100 else wkid},
        "fields": [{"name": "OBJECTID", "type": "esriFieldTypeOID"}],
        "features": [{"attributes": {
            "OBJECTID": n, "EventDate": int(datetime(e.day.year, e.day.month, e.day.day, 12,
                                                     tzinfo=UTC).timestamp() * 1000),
            "Country": e.country, "Killed": e.dead},
            "geometry": dict(zip("xy", at(e), strict=True))} for n, e in enumerate(told, 1)],
    })  # fmt: skip


@case(
    "Mozambique", either="ArcGIS|Esri", edits={"forms": {"date": "milliseconds since 1970-01-01"}}
)
def arcgis_json(told: list[Event]) -> Made:
    """What a feature service answers, in degrees."""
    return "query.json", _esri(told, 4326, lambda e: (e.east, e.north))


@case("Mozambique", either="ArcGIS|Esri|degrees", edits={"forms": {"date": "milliseconds since 1970-01-01"}},
      kept={at: {"point": None} for at in range(6)})  # fmt: skip
def arcgis_json_mercator(told: list[Event]) -> Made:
    """The same in metres."""
    return "query.json", _esri(told, 102100, mercator)


@case("Mozambique", edits={"forms": {"date": "%m/%d/%Y"}})
def arcgis_csv(told: list[Event]) -> Made:
    """A survey of ArcGIS as it is downloaded: x and y are degrees."""
    columns = {
        "ObjectID": lambda e: e.id[1:], "GlobalID": lambda e: f"{{0f3-{e.id}}}",
        "Date of incident": lambda e: f"{e.day.month}/{e.day.day}/{e.day.year} 10:00:00 AM",
        "Country": lambda e: e.country, "Number killed": lambda e: e.dead,
        "CreationDate": "3/4/2025 8:00:00 AM", "Creator": "office", "EditDate": "3/4/2025 8:01:00 AM",
        "x": lambda e: e.east, "y": lambda e: e.north,
    }  # fmt: skip
    return "survey_0.csv", delimited(table(told, columns))  # type: ignore[arg-type]


@case("Mozambique", said="0101000020E6100000|geom|geometr")
def postgis_hex(told: list[Event]) -> Made:
    """The hexadecimal form of PostGIS stands beside the coordinates."""
    columns = {**usual(), "geom": "0101000020E61000009A99999999B93F"}
    return "dump.csv", delimited(table(told, columns))
