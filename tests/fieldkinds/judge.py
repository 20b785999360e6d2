"""What became of a made file, judged by its answer."""

from __future__ import annotations

import calendar
import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from fieldkinds.truth import Case, Event
from tocsin.errors import SourceRefused, TocsinError
from tocsin.observe import Source, reading
from tocsin.observe.mapping.mapped import Mapped
from tocsin.observe.mapping.suggest import suggest_mapping
from tocsin.schema.geography.territory import resolve
from tocsin.schema.mapping import MappingFile


@dataclass
class Found:
    """The verdict on a file, the worst of its parts first, with what was found."""

    verdicts: dict[str, list[str]] = field(default_factory=dict)
    draft: str = ""
    notes: str = ""

    def add(self, verdict: str, what: str) -> None:
        self.verdicts.setdefault(verdict, []).append(what)

    @property
    def worst(self) -> str:
        order = ("crash", "wrong", "lost", "unsaid", "refused", "marked", "right")
        return next((one for one in order if one in self.verdicts), "right")


def judge(case: Case) -> Found:
    """Read a case's file as a person would, and compare with its answer.

    Returns:
        The verdicts: 'right'; 'marked' (kept, and said to be doubtful); 'refused' (with the right
        sentence); 'unsaid' (nothing lost, but no sentence helps); 'lost'; 'wrong'; 'crash'.
    """
    name, content = case.make(case.truth)
    raw = content.encode() if isinstance(content, str) else content
    found = Found()
    try:
        tables = _read(Source.of_bytes(name, raw), case, found)
    except SourceRefused as refusal:
        said = f"{refusal} {refusal.remedy or ''}".replace(name, "")
        if found.draft:
            # Of a draft its comments speak.
            said = " ".join(
                one for one in said.splitlines() if "# Look" in one or "Not used" in one
            )
        wanted = case.answer.refuse or case.answer.either
        if wanted and re.search(wanted, said):
            found.add("refused", said)
        else:
            found.add("unsaid" if case.answer.refuse else "lost", f"refused whole: {said}")
        return found
    except TocsinError as error:
        found.add("unsaid" if case.answer.refuse else "lost", f"{type(error).__name__}: {error}")
        return found
    except Exception as error:
        found.add("crash", f"{type(error).__name__}: {error}")
        return found
    _compare(case, tables, found)
    return found


def _read(source: Source, case: Case, found: Found) -> dict[str, Any]:
    try:
        known = reading(source)
        tables = known.tables()
        found.notes = " ".join(source.notes)
        return tables
    except SourceRefused as refusal:
        wanted = case.answer.refuse
        if wanted and re.search(
            wanted, f"{refusal} {refusal.remedy or ''}".replace(source.name, "")
        ):
            raise
    found.draft = suggest_mapping(source)
    given = tomllib.loads(found.draft)
    for section, keys in case.answer.edits.items():
        for key, value in keys.items():
            given.setdefault(section, {})[key] = value
            if value is None:
                del given[section][key]
    if "some ids stand in several rows" in found.draft:
        given["columns"].pop("id", None)
    if "country" not in given["columns"] and "country" not in given.get("constants", {}):
        raise SourceRefused("The draft names no country.", remedy=found.draft)
    if not {"date", "year"} & set(given["columns"]):
        raise SourceRefused("The draft names no day.", remedy=found.draft)
    reader = Mapped(MappingFile.model_validate(given))
    tables = reading(source, reader).tables()
    found.notes = " ".join(source.notes)
    return tables


def _compare(case: Case, tables: dict[str, Any], found: Found) -> None:
    answer = case.answer
    said = found.draft + found.notes + " ".join(tables["corrections"]["reason"].to_list())
    if answer.refuse:
        comments = " ".join(line for line in said.splitlines() if "#" in line)
        aside = " ".join(tables["quarantine"]["reason"].to_list())
        if tables["reports"].is_empty() and re.search(answer.refuse, comments + aside):
            found.add("refused", "row by row, with the reason")
        elif found.draft and re.search(answer.refuse, comments):
            found.add("marked", "the draft warns")
        else:
            found.add("wrong", f"read as {tables['files']['kind'].to_list()}: "
                      f"{tables['reports'].height} reports, {tables['series'].height} series; "
                      f"aside: {tables['quarantine']['reason'].unique().to_list()[:2]}")  # fmt: skip
        return
    if answer.said and not re.search(answer.said, said):
        found.add("unsaid", f"no sentence like '{answer.said}'")
    if answer.series:
        _series(case, tables, found)
        return
    reports = {row["source_row"]: row for row in tables["reports"].to_dicts()}
    marks: dict[int, set[str]] = {}
    for row in tables["corrections"].to_dicts():
        marks.setdefault(row["source_row"], set()).add(row["column"])
    aside = {row["source_row"]: row for row in tables["quarantine"].to_dicts()}
    numbers = sorted({*reports, *aside})
    places = _places(case, numbers, reports, aside, found)
    for at, event in enumerate(case.truth):
        number = places.get(at)
        if number in reports:
            _one(case, at, event, reports[number], marks.get(number, set()), said, found)
        elif number in aside and at in answer.rows:
            good = re.search(answer.rows[at], aside[number]["reason"])
            found.add("refused" if good else "unsaid", aside[number]["reason"])
        else:
            why = aside[number]["reason"] if number in aside else "no row"
            found.add("lost", f"{event.id}: {why}")


def _places(
    case: Case, numbers: list[int], reports: dict[int, Any], aside: dict[int, Any], found: Found
) -> dict[int, int]:
    """Which row tells of which event: rows beside the events have to be refused."""
    more = len(numbers) - len(case.truth)
    for _ in range(max(more, 0)):
        # What is no event is the row that is refused and looks least like the event in its place.
        beside = [n for n in numbers if n in aside]
        strange = [n for n in beside if "total" in str(aside[n]["rule"])] or beside
        if not strange:
            found.add("wrong", f"{more} rows more than events, and none is refused")
            break
        wrong = [n for n in strange if numbers.index(n) not in case.answer.rows] or strange
        numbers = [n for n in numbers if n != wrong[0]]
    if more > 0 and more != case.answer.extra:
        found.add("unsaid", f"{more} rows beside the events, {case.answer.extra} are meant")
    return dict(enumerate(numbers))


@lru_cache
def _gwno(country: str) -> int:
    return resolve(country).gwno


def _one(
    case: Case, at: int, event: Event, row: dict[str, Any], marks: set[str], said: str, found: Found
) -> None:
    answer, kept = case.answer, case.answer.kept.get(at, {})
    if at in answer.rows:
        found.add("wrong", f"{event.id}: read as {row['date_start']}, though it cannot be known")
    if "day" in answer.fields:
        _day(event, row, kept.get("day"), marks, found)
    if row["gwno"] != _gwno(event.country):
        found.add("wrong", f"{event.id}: in {row['territory']}")
    if "dead" in answer.fields:
        _dead(event, row, kept, marks, found)
    if "nodead" in answer.fields and row["deaths_best"] is not None:
        found.add("wrong", f"{event.id}: {row['deaths_best']} dead, of whom nothing is told")
    if "point" in answer.fields:
        _point(answer.near, event, row, kept, marks, said, found)
    if "place" in answer.fields and row["place"] != event.place and not (
        kept.get("place", 0) is None and (marks & {"place"} or (row["place"] is not None
                                          and event.place in row["place"]))
    ):  # fmt: skip
        verdict = "marked" if marks & {"place"} else "lost" if row["place"] is None else "wrong"
        found.add(verdict, f"{event.id}: place {row['place']!r}, not {event.place!r}")
    if "actor" in answer.fields and row["actor_a"] != event.group:
        found.add("lost" if row["actor_a"] is None else "wrong", f"{event.id}: {row['actor_a']}")


def _day(event: Event, row: dict[str, Any], kept: Any, marks: set[str], found: Found) -> None:
    first, last = row["date_start"], row["date_end"]
    if kept == "month":
        end = calendar.monthrange(event.day.year, event.day.month)[1]
        inside = (first.year, first.month) == (event.day.year, event.day.month)
        wide = row["date_prec"] >= 4 and first.month == last.month and last.day <= end
        found.add("marked" if inside and wide else "wrong", f"{event.id}: {first} to {last}")
    elif first != event.day or last < first:
        verdict = "marked" if marks & {"date_start", "date_end"} else "wrong"
        found.add(verdict, f"{event.id}: {first}, not {event.day}")


def _dead(
    event: Event, row: dict[str, Any], kept: dict[str, Any], marks: set[str], found: Found
) -> None:
    wanted, count = kept.get("dead", event.dead), row["deaths_best"]
    marked = bool(marks & {"deaths_best", "deaths_low", "deaths_high"})
    if "dead" in kept and kept.get("sure"):
        if count != wanted:
            found.add("marked" if marked else "lost" if count is None else "wrong",
                      f"{event.id}: {count} dead, not {wanted}")  # fmt: skip
    elif "dead" in kept:
        found.add("marked" if marked else "wrong" if count is not None else "lost",
                  f"{event.id}: {count} dead" + ("" if marked else " without a mark"))  # fmt: skip
    elif count != event.dead:
        found.add("lost" if count is None else "wrong", f"{event.id}: {count} not {event.dead}")


_WORDS = re.compile(r"Not used|Look|grid|UTM|MGRS|[Pp]lus code|point|coordinates")


def _point(
    near: float, event: Event, row: dict[str, Any], kept: dict[str, Any], marks: set[str],
    said: str, found: Found,
) -> None:  # fmt: skip
    north, east = row["latitude"], row["longitude"]
    wanted = kept.get("point", "right")
    right = (
        north is not None and abs(north - event.north) <= near and abs(east - event.east) <= near
    )
    if right:
        return
    marked = bool(marks & {"latitude", "longitude"})
    if north is not None:
        found.add("wrong", f"{event.id}: {north}, {east} not {event.north}, {event.east}")
    elif wanted == "none":
        return
    elif wanted == "swapped":
        found.add("marked" if "wrong way round" in said else "unsaid", f"{event.id}: swapped")
    elif wanted == "sign":
        found.add("marked" if marked else "lost", f"{event.id}: its sign is lost")
    elif wanted is None:
        told = marked or bool(_WORDS.search(said))
        found.add("marked" if told else "lost", f"{event.id}: no point")
    else:
        found.add("lost", f"{event.id}: no point" + (", marked" if marked else ""))


def _series(case: Case, tables: dict[str, Any], found: Found) -> None:
    rows = tables["series"].filter(tables["series"]["target"].is_in(
        ["Fatalities", "Morts", "Killed", "fatalities", "deaths", "acled_fatalities", "count"]))  # fmt: skip
    told = [(row["territory"], row["month"].isoformat(), row["deaths"]) for row in rows.to_dicts()]
    if sorted(told) != sorted(case.answer.series):
        verdict = "wrong" if told else "lost"
        found.add(verdict, f"{told}; reports: {tables['reports'].height}")
