"""What strangers sent whole: each of these files has several habits of its office at once."""

from __future__ import annotations

from datetime import date, timedelta

from fieldkinds.truth import Event, Made, case, delimited, table, workbook
from packed import opendocument

PLAIN = ("day", "country", "dead")
PT = ["Jan", "Fev", "Mar", "Abr", "Mai", "Jun", "Jul", "Ago", "Set", "Out", "Nov", "Dez"]


def hijri(day: date) -> str:
    """A day of the Islamic civil calendar (Reingold and Dershowitz 2018, chapter 7)."""
    since = day.toordinal() - 227015
    year = (30 * since + 10646) // 10631
    start = (year - 1) * 354 + (3 + 11 * year) // 30
    month, rest = 1, since - start
    while rest >= (29 if month % 2 == 0 else 30) and month < 12:
        rest -= 29 if month % 2 == 0 else 30
        month += 1
    return f"{rest + 1:02d}/{month:02d}/{year}"


@case()
def stranger_kobo_choices(told: list[Event]) -> Made:
    """KoBo in French: groups, a question of several choices also as columns of 0 and 1."""
    rows = table(told, {
        "start": "2024-12-30T08:00:00.000+00:00", "end": "2024-12-30T08:10:00.000+00:00",
        "ident/bureau": "Bureau", "ident/pays": lambda e: e.country,
        "faits/date_faits": lambda e: e.day.isoformat(), "faits/region": lambda e: e.adm1,
        "faits/localite": lambda e: e.place, "faits/gps": lambda e: f"{e.north} {e.east} 0 5",
        "_faits/gps_latitude": lambda e: e.north, "_faits/gps_longitude": lambda e: e.east,
        "_faits/gps_altitude": "0", "_faits/gps_precision": "5",
        "faits/type_incident": "attaque pillage", "faits/type_incident/attaque": "1",
        "faits/type_incident/pillage": "1", "faits/type_incident/autre": "0",
        "bilan/nb_morts": lambda e: e.dead, "bilan/nb_blesses": lambda e: e.dead + 3,
        "_id": lambda e: 4400 + int(e.id[1:]), "_uuid": lambda e: f"u-{e.id}",
        "_submission_time": "2024-12-30T08:11:00", "_validation_status": "",
    })  # fmt: skip
    return "suivi.xlsx", workbook({"suivi": rows})


@case(fields=(*PLAIN, "place"), extra=3)
def stranger_weekly_table(told: list[Event]) -> Made:
    """A week's table: a title, real days, a legend below that is no event."""
    told.sort(key=lambda e: e.day)
    head = [["Weekly Security Table - Weeks 1 to 48", "", "", "", "", ""], [""],
            ["Date", "Country", "Region", "Location", "Actor", "# Killed"]]  # fmt: skip
    rows = [[e.day, e.country, e.adm1, e.place, e.group, e.dead] for e in told]
    legend = [[""], ["Legend"], ["AOG = armed opposition group"], ["# Killed = all parties"]]
    return "weekly.xlsx", workbook({"Table": [*head, *rows, *legend]})


@case("Sudan", fields=PLAIN)
def stranger_police_two_calendars(told: list[Event]) -> Made:
    """A police log in Arabic with the day by both calendars."""
    return "سجل.csv", delimited(table(told, {
        "رقم البلاغ": lambda e: e.id, "التاريخ الهجري": lambda e: hijri(e.day),
        "التاريخ الميلادي": lambda e: f"{e.day:%d/%m/%Y}", "البلد": "السودان",
        "الولاية": lambda e: e.adm1, "المنطقة": lambda e: e.place, "عدد القتلى": lambda e: e.dead,
        "عدد الجرحى": lambda e: e.dead + 1,
    }))  # fmt: skip


@case("Sudan", fields=PLAIN, either="calendar|Hijri|Islamic")
def stranger_police_hijri(told: list[Event]) -> Made:
    """The same with the Hijri day alone: read as it was, or refused with the calendar's name."""
    return "log.csv", delimited(table(told, {
        "رقم البلاغ": lambda e: e.id, "التاريخ": lambda e: hijri(e.day), "البلد": "السودان",
        "الولاية": lambda e: e.adm1, "عدد القتلى": lambda e: e.dead,
    }))  # fmt: skip


@case("Colombia", fields=(*PLAIN, "actor"), edits={"constants": {"country": "Colombia"}})
def stranger_defensoria(told: list[Event]) -> Made:
    """Excel's 'Unicode text' of an ombudsman: UTF-16, tabs, a presumed author, no country.

    The municipality is kept as one (`adm2`); the answer first asked for it as a place.
    """
    text = delimited(table(told, {
        "No. radicado": lambda e: e.id, "Fecha de los hechos": lambda e: f"{e.day:%d/%m/%Y}",
        "Departamento": lambda e: e.adm1, "Municipio": lambda e: e.place,
        "Presunto responsable": lambda e: f"Presuntos integrantes del {e.group}",
        "Víctimas mortales": lambda e: e.dead, "Heridos": "2", "Desplazados": "140",
    }), "\t", "\r\n")  # fmt: skip
    return "reporte.txt", text.encode("utf-16")


@case("Mozambique", fields=("day", "country", "dead", "place", "actor"))
def stranger_registo(told: list[Event]) -> Made:
    """A Portuguese log: months cut short, the supposed author, dead and wounded."""
    return "registo.csv", delimited(table(told, {
        "Nº": lambda e: e.id, "Data": lambda e: f"{e.day.day:02d}-{PT[e.day.month - 1]}-{e.day:%y}",
        "País": "Moçambique", "Província": lambda e: e.adm1, "Localidade": lambda e: e.place,
        "Autor": lambda e: f"Suposto {e.group}", "Óbitos": lambda e: e.dead,
        "Feridos": "4", "Casas queimadas": "30",
    }), ";")  # fmt: skip


@case(fields=PLAIN, either="columns|table|widths|text|cells")
def stranger_wrapped_lines(told: list[Event]) -> Made:
    """A table out of a PDF: columns by their width, each row's place runs on in a second line."""
    lines = ["Date         Country     Location                 Killed"]
    for e in told:
        lines += [f"{e.day:%d/%m/%Y}   {e.country:<12}{'near the market of':<25}{e.dead}",
                  f"{'':25}{e.place}"]  # fmt: skip
    return "annex.txt", "\n".join(lines) + "\n"


@case(
    fields=PLAIN,
    kept={at: {"dead": None} for at in (1, 2)} | {3: {"dead": 7, "sure": True}},
)
def stranger_sitrep(told: list[Event]) -> Made:
    """A situation report's table: the toll in one cell with the wounded."""
    cells = [f"{told[0].dead} morts, 5 blessés", "plusieurs morts", "3-5 tués", "7 tués et 1 blessé",
             f"{told[4].dead} morts", f"{told[5].dead} tué(s), 0 blessé"]  # fmt: skip
    rows = [
        [f"{e.day:%d/%m/%Y}", e.country, e.place, cell] for e, cell in zip(told, cells, strict=True)
    ]
    return "sitrep.csv", delimited([["Date", "Pays", "Lieu", "Bilan humain"], *rows], ";")


QUARTERS = [("Mali", "T1", 9), ("Mali", "T2", 6), ("Mali", "T3", 3), ("Mali", "T4", 12),
            ("Niger", "T1", 3), ("Niger", "T2", 0), ("Niger", "T3", 6), ("Niger", "T4", 9)]  # fmt: skip


@case(series=[
    (where, f"2023-{3 * int(one[1]) - 2 + at:02d}-01", dead // 3)
    for where, one, dead in QUARTERS for at in range(3)
])  # fmt: skip
def stranger_quarters_below(told: list[Event]) -> Made:
    """Quarters below each other, with a column for the quarter."""
    rows = [[where, 2023, one, dead] for where, one, dead in QUARTERS]
    return "trimestres.csv", delimited([["Pays", "Année", "Trimestre", "Morts"], *rows], ";")


@case("Sudan", fields=(*PLAIN, "point"))
def stranger_both_scripts(told: list[Event]) -> Made:
    """Arabic names beside their transliterations, headings in both."""
    return "log.csv", delimited(table(told, {
        "الرقم / No": lambda e: e.id, "التاريخ / Date": lambda e: f"{e.day:%d-%m-%Y}",
        "البلد": "السودان", "Country": "Sudan", "الولاية": "ولاية", "State": lambda e: e.adm1,
        "المكان": "مكان", "Place": lambda e: e.place, "خط العرض / Lat": lambda e: e.north,
        "خط الطول / Long": lambda e: e.east, "القتلى / Killed": lambda e: e.dead,
        "الجرحى / Injured": "6",
    }))  # fmt: skip


@case(fields=(*PLAIN, "actor"), said="Horodateur")
def stranger_google_suspects(told: list[Event]) -> Made:
    """A form of Google in French: the time of the answer first, the presumed author as a choice."""
    return "Réponses au formulaire 1.csv", delimited(table(told, {
        "Horodateur": "30/12/2024 08:00:00", "Date de l'incident": lambda e: f"{e.day:%d/%m/%Y}",
        "Pays": lambda e: e.country, "Auteur(s) présumé(s)": lambda e: f"{e.group} (à confirmer)",
        "Combien de personnes ont été tuées ?": lambda e: e.dead,
        "Combien de personnes ont été blessées ?": "3", "Que s'est-il passé ?": "Une attaque.",
    }))  # fmt: skip


@case("Kenya", fields=(*PLAIN, "point"))
def stranger_tracker(told: list[Event]) -> Made:
    """An American guard's tracker: KIA, WIA, days with two figures of a year, hours, ISO codes."""
    return "SIGACTS.csv", delimited(table(told, {
        "SIGACT #": lambda e: e.id, "DTG": lambda e: f"{e.day.month}/{e.day.day}/{e.day:%y}",
        "TIME": "1400hrs", "CTRY": "KEN", "LOC": lambda e: e.place, "LAT": lambda e: e.north,
        "LON": lambda e: e.east, "KIA": lambda e: e.dead, "WIA": "2", "PERP": lambda e: e.group,
    }))  # fmt: skip


@case(fields=(*PLAIN, "place"), edits={"constants": {"country": "Mali"}})
def stranger_cercle(told: list[Event]) -> Made:
    """A French log with 'victims' over dead, wounded and taken, in capitals, without a country."""
    top = ["N°", "DATE", "HEURE", "LIEU", "REGION", "AUTEURS", "VICTIMES", "", ""]
    low = ["", "", "", "", "", "", "Morts", "Blessés", "Enlevés"]
    rows = [
        [e.id, f"{e.day:%d/%m/%Y}", "14h30", e.place, e.adm1, e.group, e.dead, 5, 8] for e in told
    ]
    return "main courante.xlsx", workbook({"2024": [top, low, *rows]})


@case("Nigeria", fields=(*PLAIN, "place"), extra=1)
def stranger_ods_notes(told: list[Event]) -> Made:
    """OpenDocument with a title above and a note of the source below."""
    rows = [["Incident register of the state offices", "", "", "", ""],
            ["Date of event", "Country", "State", "LGA / town", "Deaths"],
            *([e.day.isoformat(), e.country, e.adm1, e.place, e.dead] for e in told),
            ["Source: state offices; figures are provisional", "", "", "", ""]]  # fmt: skip
    return "register.ods", opendocument(delimited(rows).encode())


@case("Philippines", fields=(*PLAIN, "point"))
def stranger_days_lag(told: list[Event]) -> Made:
    """Day, month in words and year apart, the day of the report beside; decimal commas."""
    return "blotter.csv", delimited(table(told, {
        "Blotter No.": lambda e: f"2024-{e.id}", "Reported on": lambda e: f"{e.day + timedelta(3):%Y-%m-%d}",
        "Year": lambda e: e.day.year, "Month": lambda e: f"{e.day:%B}", "Day": lambda e: e.day.day,
        "Country": lambda e: e.country, "Municipality": lambda e: e.place,
        "Latitude": lambda e: str(e.north).replace(".", ","),
        "Longitude": lambda e: str(e.east).replace(".", ","), "No. of fatalities": lambda e: e.dead,
    }), ";")  # fmt: skip
