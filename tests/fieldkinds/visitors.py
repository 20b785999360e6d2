"""What more strangers sent whole: several habits at once, of kinds that no other file here has."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import Any

from fieldkinds.points import mgrs, utm
from fieldkinds.truth import Cell, Event, Made, case, delimited, table, workbook

PLAIN = ("day", "country", "dead")
PERSIAN, WESTERN = "۰۱۲۳۴۵۶۷۸۹", "0123456789"
FR = ["Janvier", "Février", "Mars", "Avril", "Mai", "Juin", "Juillet", "Août", "Septembre",
      "Octobre", "Novembre", "Décembre"]  # fmt: skip


def shamsi(day: date) -> str:
    """A day of 2024 in the Solar Hijri calendar: its years began on 21 March 2023 and 20 March 2024."""
    year, first = (
        (1402, date(2023, 3, 21)) if day < date(2024, 3, 20) else (1403, date(2024, 3, 20))
    )
    at = (day - first).days
    month, of = divmod(at, 31) if at < 186 else divmod(at - 186, 30)
    return f"{year}/{month + (1 if at < 186 else 7):02d}/{of + 1:02d}"


def ethiopian(day: date) -> str:
    """A day of the Ethiopian calendar (Reingold and Dershowitz 2018, chapter 4)."""
    since = day.toordinal() - 2796
    year = (4 * since + 1463) // 1461
    month, of = divmod(since - (365 * (year - 1) + year // 4), 30)
    return f"{of + 1:02d}/{month + 1:02d}/{year}"


def _in_persian(text: str) -> str:
    return text.translate(str.maketrans(WESTERN, PERSIAN))


def _american(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


@case(fields=PLAIN)
def visitor_hxl_merged(told: list[Event]) -> Made:
    """A cluster's sheet: a title, headings, hashtags; country and province merged over three rows."""
    head = [["Protection monitoring 2024", "", "", "", ""],
            ["Country", "Admin 1", "When", "Who did it", "People killed"],
            ["#country+name", "#adm1+name", "#date+event", "#group+name", "#affected+killed"]]  # fmt: skip
    rows = [[e.country, e.adm1, e.day, e.group, e.dead] for e in told]

    def dress(book: Any) -> None:
        sheet = book["Data"]
        for first in (4, 7):
            for column in "AB":
                sheet.merge_cells(f"{column}{first}:{column}{first + 2}")

    return "3W_protection.xlsx", workbook({"Data": [*head, *rows]}, dress)


@case(fields=(*PLAIN, "place"), kept={2: {"dead": None, "sure": True}})
def visitor_stata(told: list[Event]) -> Made:
    """Stata's `export delimited`: days as 14mar2024, a missing value as a dot, labels of values."""
    return "events.csv", delimited(table(told, {
        "caseid": lambda e: e.id, "iso3": "MLI", "country": lambda e: e.country,
        "evdate": lambda e: f"{e.day:%d%b%Y}".lower(), "locname": lambda e: e.place,
        "perp": lambda e: e.group, "deaths": lambda e: "." if e.id == "E3" else e.dead,
        "confirmed": "Yes", "_merge": "matched (3)",
    }))  # fmt: skip


@case(fields=PLAIN, kept={4: {"dead": None}})
def visitor_spss(told: list[Event]) -> Made:
    """SPSS in German: semicolons, decimal commas, days with points, −99 for 'no answer'."""
    return "Ereignisse.csv", delimited(table(told, {
        "LFDN": lambda e: f"{e.id[1:]},00", "Datum": lambda e: f"{e.day:%d.%m.%Y}",
        "Land": lambda e: e.country, "Ort": lambda e: e.place, "Getötete": lambda e:
        "-99,00" if e.id == "E5" else f"{e.dead},00", "Verletzte": "3,00", "Gewicht": "1,0412",
    }), ";")  # fmt: skip


@case(refuse="[Pp]rovince|[Dd]istrict|parts of|total")
def visitor_pivot_of_districts(_told: list[Event]) -> Made:
    """A pivot of one country: districts down, months across, a subtotal under each province."""
    rows: list[list[Any]] = [["Province", "District", "Jan-24", "Feb-24", "Mar-24", "Total"]]
    for province, districts in (("Gao", ("Ansongo", "Bourem")), ("Mopti", ("Bankass", "Koro"))):
        rows += [[province if at == 0 else "", one, 2, 0, 5, 7] for at, one in enumerate(districts)]
        rows += [[f"Total {province}", "", 4, 0, 10, 14]]
    return "pivot.csv", delimited([*rows, ["Grand total", "", 8, 0, 20, 28]])


@case(fields=(*PLAIN, "place"), extra=5)
def visitor_tables_below(told: list[Event]) -> Made:
    """Below the log, after two empty rows, the same sheet sums it by month."""
    log: list[list[Any]] = [["Date", "Country", "Place", "Deaths"],
           *([e.day, e.country, e.place, e.dead] for e in told)]  # fmt: skip
    sums: list[list[Any]]
    sums = [[], [], ["Summary by quarter", "", "", ""], ["Quarter", "Incidents", "Share", "Deaths"],
            ["Q1", 2, "33%", 11], ["Q2", 1, "17%", 4], ["Q3", 3, "50%", 12]]  # fmt: skip
    return "log and summary.xlsx", workbook({"Sheet1": [*log, *sums]})


@case("Mozambique", fields=(*PLAIN, "actor"), said="Carimbo")
def visitor_form_half_days(told: list[Event]) -> Made:
    """A form of Google in Portuguese whose times have twelve hours; midnight is 12 AM."""
    hours = ("12:10:00 AM", "2:30:00 PM", "11:59:00 PM", "12:00:00 PM", "1:05:00 AM", "9:00:00 PM")
    return "Respostas ao formulário 1.csv", delimited(table(told, {
        "Carimbo de data/hora": "30/12/2024 8:11:00 PM",
        "Data e hora da ocorrência": lambda e: f"{e.day:%d/%m/%Y} {hours[int(e.id[1:]) - 1]}",
        "País": "Moçambique", "Quem foi o autor?": lambda e: e.group,
        "Quantas pessoas morreram?": lambda e: e.dead, "Quantas ficaram feridas?": "2",
    }))  # fmt: skip


@case(fields=("day", "country", "nodead", "point"), either="machine|coded")
def visitor_polecat(told: list[Event]) -> Made:
    """Machine-coded events of POLECAT: tabs, modes, several recipients in a cell, no dead."""
    return "ngecEvents.DV.2024.txt", delimited(table(told, {
        "Event ID": lambda e: f"ABCD{e.id}", "Event Date": lambda e: e.day.isoformat(),
        "Event Type": "ASSAULT", "Event Mode": "firearms", "Intensity": "-9.2",
        "Quad Code": "MATERIAL CONFLICT", "Contexts": "terrorism;military",
        "Actor Name": lambda e: e.group, "Actor Country": "MLI", "Primary Actor Sector": "REB",
        "Recipient Name": "soldiers; village", "Recipient Country": "MLI", "Placename": lambda e: e.place,
        "City": lambda e: e.place, "Province": lambda e: e.adm1, "Country": lambda e: e.country,
        "Latitude": lambda e: e.north, "Longitude": lambda e: e.east, "GeoNames ID": "2457161",
        "Raw Placename": "", "Feature Type": "PPLA", "Source": "wire", "Publication Date":
        "2024-12-30", "Story People": "", "Language": "english", "Version": "NGEC_coder-Vers001",
    }), "\t")  # fmt: skip


@case(
    "Afghanistan",
    fields=("day", "country", "point"),
    edits={"constants": {"country": "Afghanistan"}},
)
def visitor_sigact(told: list[Event]) -> Made:
    """A mission's significant acts: date-time groups, the Military Grid, the dead of each side."""
    return "SIGACTS export.csv", delimited(table(told, {
        "Report Key": lambda e: f"AF-{e.id}", "DTG": lambda e: f"{e.day:%d}0430Z{e.day:%b%y}".upper(),
        "Category": "Direct Fire", "Affiliation": "ENEMY", "MGRS": lambda e: mgrs(e.north, e.east),
        "Friendly KIA": "0", "Host Nation KIA": lambda e: e.dead, "Civilian KIA": "1",
        "Enemy KIA": "0", "Classification": "UNCLASSIFIED",
    }))  # fmt: skip


def _angle(value: float, side: str) -> str:
    seconds = round(abs(value) * 3600)
    return f"{seconds // 3600}° {seconds % 3600 // 60:02d}' {seconds % 60:02d}\" {side}"


@case("Haiti", fields=(*PLAIN, "point"), edits={"constants": {"country": "Haití"}})
def visitor_oeste(told: list[Event]) -> Made:
    """Both angles in one cell, as a Spanish office writes them: O is *oeste*, the west."""
    return "registro.csv", delimited(table(told, {
        "N.º": lambda e: e.id, "Fecha": lambda e: f"{e.day:%d-%m-%Y}", "Municipio": lambda e: e.place,
        "Coordenadas": lambda e: f"{_angle(e.north, 'N')}, {_angle(e.east, 'O')}",
        "Fallecidos": lambda e: e.dead, "Lesionados": "4",
    }), ";")  # fmt: skip


@case("Kenya", fields=(*PLAIN, "point"), kept={at: {"point": None} for at in range(6)})
def visitor_zone_in_the_title(told: list[Event]) -> Made:
    """Eastings and northings; that they are of UTM 37 stands in the title alone."""
    rows = table(told, {
        "No": lambda e: e.id, "Date": lambda e: f"{e.day:%d/%m/%Y}", "Country": lambda e: e.country,
        "Easting": lambda e: utm(e.north, e.east)[2], "Northing": lambda e: utm(e.north, e.east)[3],
        "Fatalities": lambda e: e.dead,
    })  # fmt: skip
    title: list[list[Any]] = [["Incident log (all coordinates UTM zone 37, WGS 84)"], []]
    return "utm.xlsx", workbook({"Log": [*title, *rows]})


@case("Iran", fields=PLAIN)
def visitor_shamsi(told: list[Event]) -> Made:
    """A Persian log with the day by the Solar Hijri calendar first, the Gregorian one beside it."""
    return "رویدادها.csv", delimited(table(told, {
        "ردیف": lambda e: _in_persian(e.id[1:]), "تاریخ شمسی": lambda e: _in_persian(shamsi(e.day)),
        "تاریخ میلادی": lambda e: _in_persian(f"{e.day:%Y/%m/%d}"), "کشور": "ایران",
        "استان": lambda e: e.adm1, "تعداد کشته‌ها": lambda e: _in_persian(str(e.dead)),
        "تعداد زخمی‌ها": "۴",
    }))  # fmt: skip


@case("Ethiopia", fields=(*PLAIN, "place"))
def visitor_two_calendars(told: list[Event]) -> Made:
    """An Ethiopian register with both calendars, told apart by E.C. and G.C. behind the headings."""
    return "register.csv", delimited(table(told, {
        "Reg. No.": lambda e: e.id, "Date (E.C.)": lambda e: ethiopian(e.day),
        "Date (G.C.)": lambda e: f"{e.day:%d/%m/%Y}", "Country": lambda e: e.country,
        "Region": lambda e: e.adm1, "Kebele": lambda e: e.place, "Dead": lambda e: e.dead,
    }))  # fmt: skip


@case("Ethiopia", refuse="Ethiopian")
def visitor_ethiopian_alone(told: list[Event]) -> Made:
    """The same with its own calendar alone, whose years read like any: 2016 is 2024."""
    return "register.csv", delimited(table(told, {
        "Reg. No.": lambda e: e.id, "Date (E.C.)": lambda e: ethiopian(e.day),
        "Country": lambda e: e.country, "Region": lambda e: e.adm1, "Dead": lambda e: e.dead,
    }))  # fmt: skip


@case(fields=PLAIN, either="one table|archive|files|unpack")
def visitor_years_zipped(told: list[Event]) -> Made:
    """An archive with a table a year, all of the same columns."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as box:
        for name, part in (("log_2023.csv", told[:3]), ("log_2024.csv", told[3:])):
            box.writestr(name, delimited(table(part, {
                "ID": lambda e: e.id, "Date": lambda e: e.day.isoformat(),
                "Country": lambda e: e.country, "Killed": lambda e: e.dead,
            })))  # fmt: skip
    return "logs.zip", packed.getvalue()


@case(
    fields=PLAIN,
    kept={0: {"dead": None}, 1: {"dead": None}, 2: {"dead": None}, 3: {"dead": None},
          4: {"dead": None}, 5: {"dead": 7, "sure": True}},
)  # fmt: skip
def visitor_counts_of_a_desk(told: list[Event]) -> Made:
    """Counts as a desk writes them in a hurry."""
    cells = ["1.2k", "≥12", "12–15 (hospital)", "a dozen", "une douzaine au moins", "٧"]
    rows: list[list[Cell]] = [
        [e.id, e.day.isoformat(), e.country, cell] for e, cell in zip(told, cells, strict=True)
    ]
    return "desk.csv", delimited([["ID", "Date", "Country", "Deaths"], *rows])


@case(fields=PLAIN, either="day|jour|sheet|month", edits={"constants": {"country": "Mali"}})
def visitor_sheet_a_month(told: list[Event]) -> Made:
    """A sheet a month, called by it; the rows have the number of the day alone."""
    sheets: dict[str, list[list[Any]]] = {}
    for e in sorted(told, key=lambda e: e.day):
        rows = sheets.setdefault(f"{FR[e.day.month - 1]} 2024", [["N°", "Jour", "Lieu", "Morts"]])
        rows.append([e.id, e.day.day, e.place, e.dead])
    told.sort(key=lambda e: e.day)
    return "journal.xlsx", workbook(sheets)


@case(refuse="write.csv")
def visitor_write_table(told: list[Event]) -> Made:
    """R's `write.table`: blanks between, texts in quotes, and no heading over the rows' numbers.

    The answer first asked that it is read; it is refused with the call that writes it as CSV.
    """
    names = '"date" "country" "location" "perpetrator" "killed"'
    rows = [f'"{at}" "{e.day}" "{e.country}" "{e.place}" "{e.group}" {e.dead}'
            for at, e in enumerate(told, 1)]  # fmt: skip
    return "events.txt", "\n".join([names, *rows]) + "\n"


@case(fields=(*PLAIN, "place"), either="columns|index|split|records")
def visitor_pandas_split(told: list[Event]) -> Made:
    """JSON as pandas writes it with `orient='split'`: names, an index and rows apart."""
    rows = table(told, {
        "date": lambda e: f"{e.day}T00:00:00.000", "country": lambda e: e.country,
        "location": lambda e: e.place, "killed": lambda e: e.dead,
    })  # fmt: skip
    found = {"columns": rows[0], "index": list(range(len(told))), "data": rows[1:]}
    return "events.json", json.dumps(found)


@case(refuse="KML")
def visitor_kml_data(told: list[Event]) -> Made:
    """A KML whose placemarks have their data in fields, not in prose."""
    fields = ("date", "country", "killed")
    marks = "".join(
        "<Placemark><ExtendedData>" + "".join(
            f'<Data name="{one}"><value>{value}</value></Data>'
            for one, value in zip(fields, (e.day, e.country, e.dead), strict=True)
        ) + f"</ExtendedData><Point><coordinates>{e.east},{e.north}</coordinates></Point></Placemark>"
        for e in told
    )  # fmt: skip
    head = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
    return "incidents.kml", f"{head}<Document>{marks}</Document></kml>"


@case(fields=(*PLAIN, "place"))
def visitor_utf16_without_a_mark(told: list[Event]) -> Made:
    """UTF-16 without a byte order mark, tabs, as an export of a database of Windows."""
    text = delimited(table(told, {
        "IncidentNo": lambda e: e.id, "IncidentDate": lambda e: f"{e.day} 00:00:00.000",
        "CountryName": lambda e: e.country, "Town": lambda e: e.place, "Fatalities": lambda e: e.dead,
    }), "\t", "\r\n")  # fmt: skip
    return "dbo_Incident.txt", text.encode("utf-16-le")


@case(fields=(*PLAIN, "point"))
def visitor_lists_of_lists(told: list[Event]) -> Made:
    """A point as one cell, east first, with decimal commas; a day with its name in French."""
    names = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    return "suivi.csv", delimited(table(told, {
        "Réf.": lambda e: e.id,
        "Date": lambda e: f"{names[e.day.weekday()]} {e.day.day} {FR[e.day.month - 1].lower()} {e.day.year}",
        "Pays": lambda e: e.country,
        "Coordonnées (long ; lat)": lambda e: f"{e.east} ; {e.north}".replace(".", ","),
        "Décès": lambda e: e.dead,
    }), "\t")  # fmt: skip


@case(fields=PLAIN)
def visitor_american_times(told: list[Event]) -> Made:
    """Access in English: days of Americans with hours, yes and no, a long integer as the state."""
    return "tblIncidents.txt", delimited(table(told, {
        "IncidentID": lambda e: e.id[1:], "GWNO": "432", "IncidentDate":
        lambda e: f"{_american(e.day)} 0:00:00", "Confirmed": "TRUE", "NumKilled": lambda e: e.dead,
        "NumWounded": "0", "Entered": "12/30/2024 17:22:10",
    }), ";")  # fmt: skip
