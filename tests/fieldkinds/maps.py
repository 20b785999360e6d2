"""Files of maps, statistics programs and offices' other programs: what holds a log beside tables."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from typing import Any

from fieldkinds.truth import Event, Made, case, delimited, named, table, usual, workbook


def _zipped(parts: dict[str, bytes | str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def _kml(told: list[Event]) -> str:
    marks = "".join(
        f"<Placemark><name>{e.id}</name><TimeStamp><when>{e.day}</when></TimeStamp>"
        f"<description>{e.dead} killed in {e.country}</description>"
        f"<Point><coordinates>{e.east},{e.north},0</coordinates></Point></Placemark>"
        for e in told
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
    return f"{head}<Document><name>Incidents</name>{marks}</Document></kml>"


@case(refuse="KML")
def map_kml(told: list[Event]) -> Made:
    """Google Earth: what happened stands in prose within placemarks."""
    return "incidents.kml", _kml(told)


@case(refuse="KM[LZ]")
def map_kmz(told: list[Event]) -> Made:
    """The same, zipped."""
    return "incidents.kmz", _zipped({"doc.kml": _kml(told)})


@case(refuse="GPX")
def map_gpx(told: list[Event]) -> Made:
    """Waypoints of a hand-held receiver."""
    marks = "".join(
        f'<wpt lat="{e.north}" lon="{e.east}"><time>{e.day}T09:00:00Z</time><name>{e.id}</name></wpt>'
        for e in told
    )
    head = '<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">'
    return "points.gpx", f"{head}{marks}</gpx>"


def _dbf(told: list[Event]) -> bytes:
    fields = [("ID", 8), ("DATE", 10), ("COUNTRY", 20), ("KILLED", 6)]
    rows = [(e.id, e.day.isoformat(), e.country, str(e.dead)) for e in told]
    size = 1 + sum(width for _, width in fields)
    head = struct.pack("<BBBBIHH20x", 3, 124, 12, 30, len(rows), 33 + 32 * len(fields), size)
    for name, width in fields:
        head += name.encode().ljust(11, b"\0") + b"C" + b"\0" * 4 + bytes([width, 0]) + b"\0" * 14
    body = b"".join(
        b" "
        + b"".join(cell.encode().ljust(width) for cell, (_, width) in zip(row, fields, strict=True))
        for row in rows
    )
    return head + b"\r" + body + b"\x1a"


@case(refuse="[Ss]hapefile")
def map_shapefile(told: list[Event]) -> Made:
    """A shapefile as a server packs it: five files."""
    shp = struct.pack(">I20xI", 9994, 50) + struct.pack("<II", 1000, 1) + b"\0" * 64
    return "incidents.zip", _zipped({
        "incidents.shp": shp, "incidents.shx": shp, "incidents.dbf": _dbf(told),
        "incidents.prj": 'GEOGCS["WGS 84"]', "incidents.cpg": "UTF-8"})  # fmt: skip


@case(refuse="dBase|DBF")
def map_dbf(told: list[Event]) -> Made:
    """The table of a shapefile alone, which is dBase."""
    return "incidents.dbf", _dbf(told)


def _sqlite(told: list[Event], mark: bytes) -> bytes:
    import sqlite3

    base = sqlite3.connect(":memory:")
    base.execute("create table incidents (id text, date text, country text, killed int)")
    base.executemany(
        "insert into incidents values (?, ?, ?, ?)",
        [(e.id, e.day.isoformat(), e.country, e.dead) for e in told],
    )
    content = bytearray(base.serialize())
    content[68:72] = mark
    return bytes(content)


@case(refuse="GeoPackage")
def map_geopackage(told: list[Event]) -> Made:
    """What QGIS saves by default."""
    return "incidents.gpkg", _sqlite(told, b"GPKG")


@case(refuse="SQLite")
def box_sqlite(told: list[Event]) -> Made:
    """A database in one file."""
    return "log.sqlite", _sqlite(told, b"\0\0\0\0")


def _feature(e: Event) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {
            "id": e.id,
            "date": e.day.isoformat(),
            "country": e.country,
            "killed": e.dead,
        },
        "geometry": {"type": "Point", "coordinates": [e.east, e.north]},
    }


@case()
def map_geojson(told: list[Event]) -> Made:
    """GeoJSON of points, as uMap and QGIS save it."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    return "incidents.geojson", json.dumps(
        {"type": "FeatureCollection", "name": "incidents", "crs": crs,
         "features": [_feature(e) for e in told]})  # fmt: skip


@case()
def map_geojson_lines(told: list[Event]) -> Made:
    """A feature a line, as tippecanoe and QGIS want it."""
    return "incidents.geojsonl", "\n".join(json.dumps(_feature(e)) for e in told) + "\n"


@case(either="ArcGIS|GeoJSON|attributes")
def map_esri_answer(told: list[Event]) -> Made:
    """A feature service's answer: attributes and geometry, days in milliseconds."""
    return "query.json", json.dumps({
        "objectIdFieldName": "OBJECTID", "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 4326, "latestWkid": 4326},
        "features": [
            {"attributes": {"OBJECTID": n, "id": e.id, "date": e.day.isoformat(),
                            "country": e.country, "killed": e.dead},
             "geometry": {"x": e.east, "y": e.north}} for n, e in enumerate(told, 1)]})  # fmt: skip


@case()
def map_esri_table(told: list[Event]) -> Made:
    """A feature layer as CSV: the point is x and y, and the editor's own days stand beside."""
    columns = {
        "OBJECTID": lambda e: e.id.removeprefix("E"), "GlobalID": lambda e: f"{{{e.id}-AB}}",
        "Incident date": lambda e: f"{e.day.month}/{e.day.day}/{e.day.year} 12:00:00 AM",
        "Country": lambda e: e.country, "Fatalities": lambda e: e.dead,
        "CreationDate": "12/30/2024 8:11:00 AM", "Creator": "office",
        "EditDate": "12/31/2024 8:11:00 AM", "x": lambda e: e.east, "y": lambda e: e.north,
    }  # fmt: skip
    return "incidents_0.csv", delimited(table(told, columns))


@case(refuse="TopoJSON|GeoJSON|shapes")
def map_topojson(told: list[Event]) -> Made:
    """Arcs of a map, with no events."""
    return "map.json", json.dumps(
        {"type": "Topology", "arcs": [[[0, 0], [1, 1]]],
         "objects": {"a": {"type": "GeometryCollection", "geometries": []}}})  # fmt: skip


@case()
def map_point_ewkt(told: list[Event]) -> Made:
    """The same with the number of its system."""
    point = {"geometry": lambda e: f"SRID=4326;POINT({e.east} {e.north})"}
    return "log.csv", delimited(table(told, usual(Latitude=None, Longitude=None) | point))


@case()
def map_point_geojson_cell(told: list[Event]) -> Made:
    """The point as GeoJSON in a cell."""
    point = {"location": lambda e: json.dumps({"type": "Point", "coordinates": [e.east, e.north]})}
    columns = usual(Latitude=None, Longitude=None, Location=None) | point
    return "log.csv", delimited(table(told, columns))


@case()
def map_point_link(told: list[Event]) -> Made:
    """A link to a map in the place of a point."""
    link = {"Map": lambda e: f"https://www.google.com/maps/@{e.north},{e.east},15z"}
    return "log.csv", delimited(table(told, usual(Latitude=None, Longitude=None) | link))


@case()
def map_point_geo_uri(told: list[Event]) -> Made:
    """The point as a telephone shares it."""
    point = {"Coordinates": lambda e: f"geo:{e.north},{e.east}"}
    return "log.csv", delimited(table(told, usual(Latitude=None, Longitude=None) | point))


def _box(name: str, file: str, start: bytes, refuse: str) -> None:
    def make(told: list[Event]) -> Made:
        return file, start + delimited(table(told, usual())).encode() + b"\0" * 64

    case(refuse=refuse)(named(name, make))


_box("box_stata", "log.dta", b"<stata_dta><header><release>118</release>", "Stata")
_box("box_stata_old", "log.dta", b"\x72\x02\x01\x00\x09\x00", "Stata")
_box("box_spss", "log.sav", b"$FL2@(#) SPSS DATA FILE MS Windows 25.0.0", "SPSS")
_box(
    "box_sas",
    "log.sas7bdat",
    b"\0" * 12 + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011"),
    "SAS",
)
_box("box_rds", "log.rds", b"X\n\0\0\0\x03\0\x04\x02\x01\0\x03\x05\0", r"\bR\b|RDS")
_box("box_access", "log.accdb", b"\0\x01\0\0Standard ACE DB\0", "Access")
_box("box_pdf", "sitrep.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF")
_box("box_rar", "log.rar", b"Rar!\x1a\x07\x01\x00", "RAR|[Uu]npack")
_box("box_7z", "log.7z", b"7z\xbc\xaf\x27\x1c\0\x04", "7-?[Zz]|[Uu]npack")
_box("box_picture", "table.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "picture|image|photo")
_box("box_mail", "fwd.eml", b"From: desk@example.org\nTo: all@example.org\nSubject: log\n"
     b"MIME-Version: 1.0\nContent-Type: text/plain\n\n", "mail|message")  # fmt: skip
_box("box_rtf", "log.rtf", b"{\\rtf1\\ansi\\deff0 ", "Rich Text|RTF|Word")


@case(refuse="Word")
def box_word(told: list[Event]) -> Made:
    """A table within a document of Word."""
    body = "<w:document><w:body><w:tbl/></w:body></w:document>"
    return "log.docx", _zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": body})


@case(refuse="PowerPoint|slides")
def box_slides(told: list[Event]) -> Made:
    """A table on a slide."""
    return "log.pptx", _zipped({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"})


@case(refuse="xlsb|binary workbook|Excel workbook")
def box_xlsb(told: list[Event]) -> Made:
    """Excel's binary workbook."""
    return "log.xlsb", _zipped(
        {"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"\x83\x01\0"}
    )


@case(refuse="HTML|web page")
def box_web_page(told: list[Event]) -> Made:
    """A sheet that was published as a web page."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
        for row in table(told, usual())
    )
    return "log.html", f"<!DOCTYPE html><html><body><table>{rows}</table></body></html>"


@case(refuse="XML")
def box_excel_2003(told: list[Event]) -> Made:
    """SpreadsheetML of 2003, which Excel opens as if it were a workbook."""
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' for c in row) + "</Row>"
        for row in table(told, usual())
    )
    head = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    space = 'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    book = f'<ss:Workbook {space}><Worksheet ss:Name="Log"><Table>{rows}</Table></Worksheet>'
    return "log.xls", f"{head}{book}</ss:Workbook>"


@case(refuse="OpenDocument|[Ff]lat|XML")
def box_flat_opendocument(told: list[Event]) -> Made:
    """OpenDocument in one XML file."""
    return "log.fods", (
        '<?xml version="1.0"?><office:document '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body/>'
        "</office:document>"
    )


@case(either="Arrow|Feather|Parquet")
def box_arrow(told: list[Event]) -> Made:
    """Arrow's own file, as R and Python save it: read, or refused with what to do."""
    import polars as pl

    header, *rows = table(told, usual())
    content = io.BytesIO()
    pl.DataFrame(
        {name: [str(row[at]) for row in rows] for at, name in enumerate(header)}
    ).write_ipc(content)
    return "log.arrow", content.getvalue()


@case()
def box_macros(told: list[Event]) -> Made:
    """A workbook with macros is a workbook."""
    return "log.xlsm", workbook({"Log": table(told, usual())})
