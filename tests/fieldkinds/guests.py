"""What a third round of strangers sent: habits of offices that no other file here has.

Three answers were mended after the first reading, since they asked for what the rules of the judge
do not: a cell '#REF!' is not known and needs no mark, the calendar of days that are numbers is
left open by the draft, and a column of weeks beside the day needs no sentence.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from fieldkinds.truth import Event, Made, case, delimited, table, usual, workbook

PLAIN = ("day", "country", "dead")
BURMESE = str.maketrans("0123456789", "၀၁၂၃၄၅၆၇၈၉")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
LEVANT = ["كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول",
          "تشرين الأول", "تشرين الثاني", "كانون الأول"]  # fmt: skip
UKRAINIAN = ["січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня",
             "вересня", "жовтня", "листопада", "грудня"]  # fmt: skip


def _degrees(value: float, signs: str) -> str:
    """Degrees and minutes with a decimal comma, the side first."""
    whole, part = divmod(abs(value), 1)
    return f"{signs[value < 0]} {int(whole)}° {part * 60:.3f}'".replace(".", ",")


@case("Myanmar", fields=PLAIN)
def guest_burmese_digits(told: list[Event]) -> Made:
    """A Burmese desk: days and counts in Burmese digits, the year first."""
    return "log.csv", delimited(table(told, usual(
        Date=lambda e: e.day.isoformat().translate(BURMESE),
        Killed=lambda e: str(e.dead).translate(BURMESE),
    )))  # fmt: skip


@case("Iran", fields=PLAIN)
def guest_levant_months(told: list[Event]) -> Made:
    """Arabic digits and the months of the Levant; the heading is Arabic too."""
    return "سجل.csv", delimited(table(told, {
        "الرقم": lambda e: e.id,
        "التاريخ": lambda e: f"{e.day.day} {LEVANT[e.day.month - 1]} {e.day.year}".translate(ARABIC),
        "البلد": "إيران", "المكان": lambda e: e.place,
        "عدد القتلى": lambda e: str(e.dead).translate(ARABIC),
    }), ";")  # fmt: skip


@case("Ukraine", fields=PLAIN)
def guest_ukrainian_long(told: list[Event]) -> Made:
    """A Ukrainian log: a sign for 'year' after each day, one for 'persons' after each count."""
    return "журнал.csv", delimited(table(told, {
        "№": lambda e: e.id,
        "Дата": lambda e: f"{e.day.day} {UKRAINIAN[e.day.month - 1]} {e.day.year} р.",
        "Країна": "Україна", "Населений пункт": lambda e: e.place,
        "Загинуло": lambda e: f"{e.dead} ос.",
    }), ";")  # fmt: skip


@case(fields=PLAIN, kept={1: {"dead": None}, 4: {"dead": None}})
def guest_counts_in_words(told: list[Event]) -> Made:
    """'dozens' and 'several' stand beside numbers: they are no number that anybody may make up."""
    said = {"E2": "dozens", "E5": "several"}
    return "log.csv", delimited(table(told, usual(Killed=lambda e: said.get(e.id, e.dead))))


@case(fields=PLAIN)
def guest_killed_and_wounded(told: list[Event]) -> Made:
    """One column tells of both: '4 killed, 9 injured'."""
    return "log.csv", delimited(table(told, usual(
        Killed=None, Casualties=lambda e: f"{e.dead} killed, {e.dead + 5} injured")))  # fmt: skip


@case(fields=PLAIN, either="total|sum|wounded|injured|killed")
def guest_casualties_alone(told: list[Event]) -> Made:
    """'Casualties (killed)' beside 'Casualties (total)': the total is of other people."""
    return "log.csv", delimited(table(told, usual(
        Killed=None, **{"Casualties (total)": lambda e: e.dead + 6,
                        "Casualties (killed)": lambda e: e.dead})))  # fmt: skip


@case(fields=(*PLAIN, "point"))
def guest_degrees_minutes(told: list[Event]) -> Made:
    """Degrees and minutes with a decimal comma, the side in front, a semicolon between cells."""
    return "log.csv", delimited(table(told, usual(
        Latitude=lambda e: _degrees(e.north, "NS"), Longitude=lambda e: _degrees(e.east, "EW"),
    )), ";")  # fmt: skip


@case("Somalia", fields=(*PLAIN, "point"))
def guest_swapped_all(told: list[Event]) -> Made:
    """North and east stand under each other's heading in every row."""
    return "log.csv", delimited(table(told, usual(
        Latitude=lambda e: e.east, Longitude=lambda e: e.north)))  # fmt: skip


@case(fields=PLAIN, extra=3)
def guest_totals_between(told: list[Event]) -> Made:
    """Blocks of a month's team, each followed by 'Sous-total' and an empty row."""
    rows: list[list[Any]] = [["Date", "Pays", "Localité", "Morts"]]
    for first in (0, 2, 4):
        block = told[first : first + 2]
        rows += [[f"{e.day:%d.%m.%y}", "Mali", e.place, e.dead] for e in block]
        rows += [["Sous-total", "", "", sum(e.dead for e in block)], ["", "", "", ""]]
    return "suivi.csv", delimited(rows, ";")


@case("Nigeria", fields=PLAIN)
def guest_pages_of_an_interface(told: list[Event]) -> Made:
    """Answers of an interface, saved one behind the other: each page has 'status' and 'data'."""
    rows = [{"event_id_cnty": f"NIG{e.id[1:]}", "event_date": e.day.isoformat(), "year": str(e.day.year),
             "time_precision": "1", "disorder_type": "Political violence", "event_type": "Battles",
             "sub_event_type": "Armed clash", "actor1": e.group, "assoc_actor_1": "", "inter1": "Rebel group",
             "actor2": "Civilians (Nigeria)", "assoc_actor_2": "", "inter2": "Civilians",
             "interaction": "Rebel group-Civilians", "civilian_targeting": "", "iso": "566",
             "region": "Western Africa", "country": e.country, "admin1": e.adm1, "admin2": "", "admin3": "",
             "location": e.place, "latitude": str(e.north), "longitude": str(e.east), "geo_precision": "1",
             "source": "Wire", "source_scale": "National", "notes": "Clash.", "fatalities": str(e.dead),
             "tags": "", "timestamp": "1735000000"} for e in told]  # fmt: skip
    pages = [
        {"status": 200, "success": True, "count": 3, "data": rows[at : at + 3]} for at in (0, 3)
    ]
    return "acled_read.json", "\n".join(json.dumps(one) for one in pages)


@case(fields=PLAIN)
def guest_iso_weeks(told: list[Event]) -> Made:
    """A bulletin's log beside whose days stands the week: '2024-W07'; the day is the day."""
    return "log.csv", delimited(table(told, {
        "Week": lambda e: f"{e.day.isocalendar().year}-W{e.day.isocalendar().week:02d}",
        "Reported on": lambda e: (e.day + timedelta(5)).isoformat(),
        "Date of incident": lambda e: e.day.isoformat(), "Country": lambda e: e.country,
        "Village": lambda e: e.place, "Fatalities": lambda e: e.dead,
    }))  # fmt: skip


@case(fields=PLAIN, rows={3: "duplicate"})
def guest_status_column(told: list[Event]) -> Made:
    """An office's column says which rows count: one is a duplicate."""
    return "log.csv", delimited(table(told, usual(
        Status=lambda e: "Duplicate" if e.id == "E4" else "Verified")))  # fmt: skip


@case(fields=PLAIN, kept={2: {"dead": None, "sure": True}})
def guest_errors_of_excel(told: list[Event]) -> Made:
    """Cells of formulas that failed: '#REF!' and '#N/A' are not known."""
    return "log.csv", delimited(table(told, usual(
        Killed=lambda e: "#REF!" if e.id == "E3" else e.dead,
        **{"Armed group": lambda e: "#N/A" if e.id == "E2" else e.group})))  # fmt: skip


@case("Colombia", fields=PLAIN)
def guest_thousands_of_a_year(told: list[Event]) -> Made:
    """A Colombian sheet with text days as '5-ene.-2024' and the number of the year as 2,024."""
    months = [
        "ene.",
        "feb.",
        "mar.",
        "abr.",
        "may.",
        "jun.",
        "jul.",
        "ago.",
        "sept.",
        "oct.",
        "nov.",
        "dic.",
    ]
    return "registro.xlsx", workbook({"Portada": [["Observatorio"], ["Corte: 30/12/2024"]],
        "Registro": table(told, {
            "Año": lambda e: f"2,0{e.day:%y}",
            "Fecha": lambda e: f"{e.day.day}-{months[e.day.month - 1]}-{e.day.year}",
            "País": "Colombia", "Municipio": lambda e: e.place, "Muertos": lambda e: e.dead}),
        "Tabla dinámica": [["Etiquetas de fila", "Suma de Muertos"], ["Arauca", 9],
                           ["Total general", 41]]})  # fmt: skip


@case("Sudan", fields=PLAIN, edits={"forms": {"date": "days since 1899-12-30"}})
def guest_serials_as_text(told: list[Event]) -> Made:
    """A CSV of Excel whose column of days was 'General': numbers of days since 1899."""
    return "log.csv", delimited(table(told, usual(
        Date=lambda e: (e.day - date(1899, 12, 30)).days)))  # fmt: skip
