"""Encodings, separators, and boxes that hold a table or only look like one."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

from fieldkinds.truth import Event, Made, case, delimited, named, table, usual, workbook

FRENCH = {
    "N°": lambda e: e.id, "Date": lambda e: f"{e.day:%d/%m/%Y}", "Pays": lambda e: e.country,
    "Localité": lambda e: e.place, "Latitude": lambda e: e.north, "Longitude": lambda e: e.east,
    "Tués": lambda e: e.dead,
}  # fmt: skip
WITH_PLACE = ("day", "country", "dead", "point", "place")


def _encoded(name: str, encoding: str, country: str = "Haiti", **answer: object) -> None:
    def make(told: list[Event]) -> Made:
        text = delimited(table(told, FRENCH), ";", "\r\n")  # type: ignore[arg-type]
        return "log.csv", text.replace("°", "o").encode(encoding)

    case(country, fields=WITH_PLACE, **answer)(named(f"encoding_{name}", make))


_encoded("utf16_bom", "utf-16")
_encoded("utf32", "utf-32")
_encoded("utf8_bom", "utf-8-sig")
_encoded("windows1252", "cp1252")
# One byte a letter, of another page: right, or marked by the letters, or refused with what to do.
_encoded("mac_roman", "mac-roman", either="encoding", kept={0: {"place": None}, 2: {"place": None}})
_encoded("dos", "cp850", either="encoding", kept={0: {"place": None}, 2: {"place": None}})
_encoded("latin9", "iso-8859-15")


@case("Haiti", fields=WITH_PLACE, kept={0: {"place": None}, 2: {"place": None}})
def encoding_twice(told: list[Event]) -> Made:
    """UTF-8 that was read as Windows-1252 and saved again."""
    text = delimited(table(told, FRENCH), ";")  # type: ignore[arg-type]
    return "log.csv", text.encode().decode("cp1252", "replace").encode()


@case("Turkey", fields=WITH_PLACE, either="encoding", kept={at: {"place": None} for at in (1, 5)})
def encoding_turkish(told: list[Event]) -> Made:
    """Windows-1254 has Turkish letters where Windows-1252 has Icelandic ones."""
    columns = {"Sıra": lambda e: e.id, "Tarih": lambda e: f"{e.day:%d.%m.%Y}", "Country": "Turkey",
               "Place": lambda e: f"{e.place} {e.adm1}", "Latitude": lambda e: e.north,
               "Longitude": lambda e: e.east, "Killed": lambda e: e.dead}  # fmt: skip
    told_so = delimited(table(told, columns), ";")  # type: ignore[arg-type]
    return "kayit.csv", told_so.encode("cp1254")


@case("Ukraine", either="1251", edits={"constants": {"country": "Ukraine"}})
def encoding_cyrillic(told: list[Event]) -> Made:
    """Windows-1251, with headings in Russian."""
    columns = {"№": lambda e: e.id, "Дата": lambda e: f"{e.day:%d.%m.%Y}", "Широта": lambda e: e.north,
               "Долгота": lambda e: e.east, "Погибло": lambda e: e.dead}  # fmt: skip
    return "журнал.csv", delimited(table(told, columns), ";").encode("cp1251")  # type: ignore[arg-type]


@case("Sudan", fields=("day", "country", "dead", "point"))
def encoding_arabic(told: list[Event]) -> Made:
    """Windows-1256 with headings in Arabic."""
    columns = {"الرقم": lambda e: e.id, "التاريخ": lambda e: f"{e.day:%d/%m/%Y}", "البلد": "السودان",
               "خط العرض": lambda e: e.north, "خط الطول": lambda e: e.east,
               "عدد القتلى": lambda e: e.dead}  # fmt: skip
    return "log.csv", delimited(table(told, columns), ";").encode("cp1256")  # type: ignore[arg-type]


@case(refuse="encoding|GB18030|UTF-8")
def encoding_chinese(told: list[Event]) -> Made:
    """GB 18030 is not known here."""
    columns = {"编号": lambda e: e.id, "日期": lambda e: e.day.isoformat(), "国家": "马里共和国",
               "死亡人数": lambda e: e.dead, "说明": "武装分子袭击村庄造成平民伤亡"}  # fmt: skip
    return "记录.csv", delimited(table(told, columns)).encode("gb18030")  # type: ignore[arg-type]


def _text(
    name: str, sign: str = ",", end: str = "\n", before: str = "", after: str = "", **answer: object
) -> None:
    def make(told: list[Event]) -> Made:
        return "log.txt", before + delimited(table(told, usual()), sign, end) + after

    case(**answer)(named(f"text_{name}", make))


_text("pipes", "|")
_text("carets", "^", either="separated")
_text("old_mac", end="\r")
_text("sep_line_bom", ";", before="\ufeffsep=;\r\n", end="\r\n")
_text("comment_above", before="# exported by office tool 3.1\n# 6 rows\n")
_text("blank_ends", after="\n,,,,,,,,\n,,,,,,,,\n\n")
_text("signature", after='"Total: 6 incidents"\n', extra=1)
_text("list_schema", before='"ListSchema={""schemaXmlList"":[""<Field Name=\\""ID\\"" />""]}"\n')


@case(refuse="fixed|spaces|columns")
def text_fixed_width(told: list[Event]) -> Made:
    """Columns by their width, as old programs print them."""
    rows = [[str(cell)[:14].ljust(15) for cell in row] for row in table(told, usual())]
    return "log.txt", "\n".join("".join(row).rstrip() for row in rows) + "\n"


@case(refuse="fixed|spaces|columns")
def text_from_an_email(told: list[Event]) -> Made:
    """A table copied out of an e-mail, with greetings around it."""
    rows = ["   ".join(map(str, row)) for row in table(told, usual())]
    return "mail.txt", "Dear all,\n\nplease find the week:\n\n" + "\n".join(rows) + "\n\nBest\n"


@case(either="Markdown|bars")
def text_markdown(told: list[Event]) -> Made:
    """A table of Markdown."""
    header, *rows = table(told, usual())
    lines = [header, ["---"] * len(header), *rows]
    return "log.md", "\n".join(f"| {' | '.join(map(str, row))} |" for row in lines) + "\n"


@case(refuse="chat|messag|WhatsApp")
def text_chat(told: list[Event]) -> Made:
    """An export of a chat: what persons wrote to each other is no table."""
    lines = [
        f"[{e.day:%d/%m/%Y}, 14:30:12] Contact {e.id}: attack at {e.place}, {e.dead} dead"
        for e in told
    ]
    return "chat.txt", "\n".join(lines) + "\n"


@case(refuse="SQL")
def text_sql(told: list[Event]) -> Made:
    """A dump of a database."""
    lines = [
        f"INSERT INTO `incidents` VALUES ({e.id[1:]},'{e.day}','{e.country}',{e.dead});"
        for e in told
    ]
    return "dump.sql", "-- MySQL dump 10.13\nCREATE TABLE `incidents` (id int);\n" + "\n".join(
        lines
    )


@case(refuse="YAML")
def text_yaml(told: list[Event]) -> Made:
    """A list in YAML."""
    lines = [
        f"- id: {e.id}\n  date: {e.day}\n  country: {e.country}\n  killed: {e.dead}" for e in told
    ]
    return "log.yaml", "\n".join(lines) + "\n"


@case(rows={1: "fields"})
def text_loose_comma(told: list[Event]) -> Made:
    """A comma in a note without quotes makes a cell too many."""
    lines = delimited(table(told, {**usual(), "Notes": "an attack"})).splitlines()
    lines[2] += ", then looting"
    return "log.csv", "\n".join(lines) + "\n"


@case()
def text_breaks_within(told: list[Event]) -> Made:
    """Line breaks of Word and of Excel within cells, and a heading with one."""
    columns = {
        **usual(Location=lambda e: f"{e.place}\x0bnorth"),
        "Notes\n(short)": "first\nsecond\r\nthird",
    }
    return "log.csv", delimited(table(told, columns))  # type: ignore[arg-type]


@case()
def text_blank_headings(told: list[Event]) -> Made:
    """Spaces that do not break around headings, and units behind them."""
    columns = usual(Killed=None, Latitude=None, Longitude=None, Date=None)
    columns |= {"\u00a0Date\u00a0": lambda e: e.day.isoformat(), "Deaths (no.)": lambda e: e.dead,
                "Lat (°)": lambda e: e.north, "Long (°)": lambda e: e.east}  # fmt: skip
    return "log.csv", delimited(table(told, columns))


@case(extra=2)
def text_joined_files(told: list[Event]) -> Made:
    """Three exports put behind each other, each with its header and its mark."""
    rows = table(told, usual())
    parts = [delimited([rows[0], *rows[at : at + 2]]) for at in (1, 3, 5)]
    return "all.csv", "".join("\ufeff" + part for part in parts)


def _json(name: str, of: object, **answer: object) -> None:
    def make(told: list[Event]) -> Made:
        header, *rows = table(told, usual())
        return "log.json", json.dumps(of(header, rows))  # type: ignore[operator]

    case(**answer)(named(f"json_{name}", make))


_JSON = "list of records"
_json("records", lambda h, rows: [dict(zip(h, r, strict=True)) for r in rows])
_json("by_id", lambda h, rows: {r[0]: dict(zip(h, r, strict=True)) for r in rows}, either=_JSON)
_json("by_column", lambda h, rows: {
    name: {str(n): r[at] for n, r in enumerate(rows)} for at, name in enumerate(h)}, either=_JSON)  # fmt: skip
_json(
    "split",
    lambda h, rows: {"columns": h, "index": list(range(len(rows))), "data": rows},
    either=_JSON,
)
_json("rows", lambda h, rows: [h, *rows], either=_JSON)
_json("wrapped", lambda h, rows: {
    "meta": {"count": len(rows)}, "items": [dict(zip(h, r, strict=True)) for r in rows]})  # fmt: skip


@case()
def packed_gzip(told: list[Event]) -> Made:
    """One table, packed."""
    return "log.csv.gz", gzip.compress(delimited(table(told, usual())).encode(), mtime=0)


@case(either="more than one|several|two files|files")
def packed_with_readme(told: list[Event]) -> Made:
    """A table and a text beside it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("README.txt", "What this is.\n")
        archive.writestr("log.csv", delimited(table(told, usual())))
    return "export.zip", content.getvalue()


@case(either="Unpack it")
def packed_workbook(told: list[Event]) -> Made:
    """A workbook within an archive, as mail programs send it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("log.xlsx", workbook({"Log": table(told, usual())}))
    return "log.zip", content.getvalue()


@case()
def parquet_of_types(told: list[Event]) -> Made:
    """Parquet with days, categories and decimals as types."""
    import polars as pl

    frame = pl.DataFrame({
        "id": [e.id for e in told], "date": [e.day for e in told],
        "country": pl.Series([e.country for e in told], dtype=pl.Categorical),
        "latitude": pl.Series([e.north for e in told], dtype=pl.Float32),
        "longitude": pl.Series([str(e.east) for e in told]).cast(pl.Decimal(12, 4)),
        "killed": pl.Series([e.dead for e in told], dtype=pl.UInt8),
    })  # fmt: skip
    content = io.BytesIO()
    frame.write_parquet(content)
    return "log.parquet", content.getvalue()
