"""What happened, and how each made file tells of it: the right answers, written before any reading.

A case makes one file from some events. Its answer says what has to come of the file once it is
read as a person would: unaided where its source is known, else by the draft of a mapping, in which
only what the draft leaves open is settled. Events are drawn with a seed; nothing is of the world.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

PLACES: dict[str, list[tuple[str, str, float, float]]] = {
    "Mali": [("Gao", "Gao", 16.27, -0.05), ("Mopti", "Mopti", 14.49, -4.19),
             ("Kayes", "Kayes", 14.45, -11.43), ("Kidal", "Kidal", 18.44, 1.41)],
    "Haiti": [("Cap-Haïtien", "Nord", 19.76, -72.2), ("Mirebalais", "Centre", 18.83, -72.11),
              ("Gonaïves", "Artibonite", 19.45, -72.69), ("Kenscoff", "Ouest", 18.45, -72.29)],
    "Mozambique": [("Palma", "Cabo Delgado", -10.78, 40.47), ("Pemba", "Cabo Delgado", -12.97, 40.52),
                   ("Nampula", "Nampula", -15.12, 39.27), ("Mueda", "Cabo Delgado", -11.67, 39.55)],
    "Philippines": [("Jolo", "Sulu", 6.05, 121.0), ("Marawi", "Lanao del Sur", 8.0, 124.29),
                    ("Cotabato", "Maguindanao", 7.22, 124.25), ("Masbate", "Masbate", 12.37, 123.62)],
    "Ukraine": [("Херсон", "Херсонська", 46.64, 32.61), ("Куп'янськ", "Харківська", 49.71, 37.61),
                ("Нікополь", "Дніпропетровська", 47.57, 34.39), ("Суми", "Сумська", 50.91, 34.8)],
    "Turkey": [("Cizre", "Şırnak", 37.33, 42.19), ("Yüksekova", "Hakkari", 37.57, 44.28),
               ("Silvan", "Diyarbakır", 38.14, 41.0), ("Nusaybin", "Mardin", 37.07, 41.21)],
    "Kenya": [("Lamu", "Lamu", -2.27, 40.9), ("Garissa", "Garissa", -0.45, 39.65),
              ("Mandera", "Mandera", 3.94, 41.86), ("Lodwar", "Turkana", 3.12, 35.6)],
    "Ethiopia": [("Gondar", "Amhara", 12.6, 37.47), ("Mekelle", "Tigray", 13.5, 39.47),
                 ("Nekemte", "Oromia", 9.09, 36.55), ("Asosa", "Benishangul", 10.07, 34.53)],
    "Myanmar": [("Hpakant", "Kachin", 25.61, 96.31), ("Lashio", "Shan", 22.93, 97.75),
                ("Mindat", "Chin", 21.37, 93.97), ("Loikaw", "Kayah", 19.67, 97.21)],
    "Indonesia": [("Timika", "Papua", -4.55, 136.89), ("Wamena", "Papua", -4.1, 138.95),
                  ("Poso", "Sulawesi", -1.4, 120.75), ("Nabire", "Papua", -3.37, 135.5)],
    "Nigeria": [("Maiduguri", "Borno", 11.85, 13.16), ("Jos", "Plateau", 9.9, 8.86),
                ("Gusau", "Zamfara", 12.17, 6.66), ("Owerri", "Imo", 5.48, 7.03)],
    "Somalia": [("Kismayo", "Lower Juba", -0.36, 42.55), ("Baidoa", "Bay", 3.11, 43.65),
                ("Beledweyne", "Hiran", 4.74, 45.2), ("Galkayo", "Mudug", 6.77, 47.43)],
    "Iran": [("Zahedan", "Sistan", 29.5, 60.86), ("Sanandaj", "Kurdistan", 35.31, 46.99),
             ("Mahabad", "West Azerbaijan", 36.76, 45.72), ("Ahvaz", "Khuzestan", 31.32, 48.67)],
    "Afghanistan": [("Kunduz", "Kunduz", 36.73, 68.87), ("Khost", "Khost", 33.34, 69.92),
                    ("Herat", "Herat", 34.35, 62.2), ("Jalalabad", "Nangarhar", 34.43, 70.45)],
    "Pakistan": [("Quetta", "Balochistan", 30.18, 67.0), ("Bannu", "KPK", 32.99, 70.6),
                 ("Peshawar", "KPK", 34.01, 71.58), ("Turbat", "Balochistan", 26.0, 63.05)],
    "India": [("Imphal", "Manipur", 24.82, 93.94), ("Sukma", "Chhattisgarh", 18.39, 81.66),
              ("Rajouri", "Jammu", 33.38, 74.31), ("Bijapur", "Chhattisgarh", 18.84, 80.78)],
    "Nepal": [("Rolpa", "Lumbini", 28.38, 82.65), ("Janakpur", "Madhesh", 26.73, 85.92),
              ("Surkhet", "Karnali", 28.6, 81.63), ("Itahari", "Koshi", 26.66, 87.27)],
    "Israel": [("Sderot", "South", 31.52, 34.6), ("Haifa", "Haifa", 32.79, 34.99),
               ("Safed", "North", 32.97, 35.5), ("Beersheba", "South", 31.25, 34.79)],
    "Colombia": [("Tumaco", "Nariño", 1.81, -78.77), ("Arauca", "Arauca", 7.08, -70.76),
                 ("Quibdó", "Chocó", 5.69, -76.66), ("Corinto", "Cauca", 3.17, -76.26)],
    "Sudan": [("El Fasher", "North Darfur", 13.63, 25.35), ("Kadugli", "South Kordofan", 11.01, 29.72),
              ("Nyala", "South Darfur", 12.05, 24.88), ("Wad Madani", "Gezira", 14.4, 33.52)],
}  # fmt: skip
"""Places that are well inside their country: name, province, degrees north and east."""


@dataclass(frozen=True)
class Event:
    """One event as it truly was."""

    id: str
    day: date
    country: str
    adm1: str
    place: str
    north: float
    east: float
    dead: int
    group: str
    until: date | None = None


def events(country: str, count: int = 6) -> list[Event]:
    """Draw events; their first day is after the twelfth of a month, their second before it."""
    draw = random.Random(f"{country} {count}")
    found = []
    for at in range(count):
        day = date(2024, 1, 1) + timedelta(draw.randrange(330))
        while (at == 0 and day.day < 13) or (at == 1 and (day.day > 12 or day.day == day.month)):
            day = date(2024, 1, 1) + timedelta(draw.randrange(330))
        place, adm1, north, east = PLACES[country][at % 4]
        dead = draw.choice([1, 2, 3, 4, 7, 12, 19])
        group = draw.choice(["Front A", "Brigade B", "Movement C"])
        found.append(Event(f"E{at + 1}", day, country, adm1, place, north, east, dead, group))
    return found


@dataclass(frozen=True)
class Answer:
    """What has to come of a file."""

    fields: Sequence[str] = ("day", "country", "dead", "point")
    """What of each event has to be told as it was: also 'place' and 'actor'."""
    refuse: str = ""
    """The file is refused whole, by a sentence like this; '' where it is read."""
    either: str = ""
    """Read as it was, or refused whole by a sentence like this."""
    rows: dict[int, str] = field(default_factory=dict)
    """Events, counted from 0, whose row is refused by a reason like this."""
    kept: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Events of which the file tells less or other: what is kept of them, and marked."""
    said: str = ""
    """What the notes of the reading, or the comments of the draft, have to say."""
    edits: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What a person settles in the draft: a section's keys; None takes a line out."""
    extra: int = 0
    """Rows beside the events that have to be refused, such as a second header."""
    series: list[tuple[str, str, int]] = field(default_factory=list)
    """Country, month and count, where the file is a series and tells of no events."""
    near: float = 0.01
    """How near a point has to be, in degrees."""


Made = tuple[str, bytes | str]
"""The name of a file and its content; a text is written in UTF-8."""


@dataclass(frozen=True)
class Case:
    """One made file and its answer."""

    name: str
    truth: list[Event]
    make: Callable[[list[Event]], Made]
    answer: Answer


CASES: dict[str, Case] = {}


def case(
    country: str = "Mali", count: int = 6, **answer: Any
) -> Callable[[Callable[[list[Event]], Made]], None]:
    """Declare a case by the function that makes its file."""

    def declare(make: Callable[[list[Event]], Made]) -> None:
        name = make.__name__
        assert name not in CASES, name
        CASES[name] = Case(name, events(country, count), make, Answer(**answer))

    return declare


Cell = str | int | float | None
Column = str | Callable[[Event], Cell]

USUAL: dict[str, Column] = {
    "ID": lambda e: e.id, "Date": lambda e: e.day.isoformat(), "Country": lambda e: e.country,
    "Province": lambda e: e.adm1, "Location": lambda e: e.place,
    "Latitude": lambda e: e.north, "Longitude": lambda e: e.east,
    "Armed group": lambda e: e.group, "Killed": lambda e: e.dead,
}  # fmt: skip
"""A plain log; a case changes some of it."""


def table(told: list[Event], columns: dict[str, Column]) -> list[list[Cell]]:
    """The rows of a table, its header first; a text in the place of a function stands in each."""
    rows = [[one if isinstance(one, str) else one(e) for one in columns.values()] for e in told]
    return [list(columns), *rows]


def usual(**changed: Column | None) -> dict[str, Column]:
    """The plain log with some columns changed, or left out (None)."""
    both = USUAL | {name.replace("_", " "): one for name, one in changed.items()}
    return {name: one for name, one in both.items() if one is not None}


def delimited(rows: list[list[Cell]], sign: str = ",", end: str = "\n") -> str:
    """A text table."""
    out = io.StringIO()
    csv.writer(out, delimiter=sign, lineterminator=end).writerows(rows)
    return out.getvalue()


def workbook(
    sheets: dict[str, list[list[Any]]], dress: Callable[[Any], None] | None = None
) -> bytes:
    """An Excel workbook; `dress` may change it before it is saved."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if dress:
        dress(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def days(
    form: Callable[[date], str], name: str = "Date", *, least: str = ""
) -> Callable[..., Made]:
    """A plain log whose days are written by a function."""

    def make(told: list[Event]) -> Made:
        columns = {
            (name if key == "Date" else key): ((lambda e: form(e.day)) if key == "Date" else one)
            for key, one in USUAL.items()
        }
        return "log.csv", delimited(table(told, columns))

    return make


def in_words(months: str, form: str = "{day} {month} {year}") -> Callable[[date], str]:
    """Write days with names of months of some language."""
    names = months.split("|")
    return lambda day: form.format(day=day.day, month=names[day.month - 1], year=day.year)


def named(name: str, make: Callable[..., Made]) -> Callable[[list[Event]], Made]:
    """Give a maker the name of its case."""

    def one(told: list[Event]) -> Made:
        return make(told)

    one.__name__ = name
    return one
