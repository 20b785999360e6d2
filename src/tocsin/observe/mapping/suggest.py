"""A draft of a mapping file for a table that nobody has mapped yet.

Columns are guessed from their names, in five languages, and from what stands in them. Each
line of the draft says how sure the guess is and why; what could not be told stays open, as a
comment. A draft is never used by itself: a person reads it first.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence

from tocsin.base.display.quantity import quantity
from tocsin.errors import SourceRefused
from tocsin.observe.boxes import unread_box
from tocsin.observe.checks.values import is_forecast
from tocsin.observe.formats.source import Source
from tocsin.observe.mapping.across import across
from tocsin.observe.mapping.days import TURNED, guess_form, open_forms, yearless_form
from tocsin.observe.mapping.disasters import other_harm
from tocsin.observe.mapping.guess import Column, Guess
from tocsin.observe.mapping.headings import FILLED_IN, SENT, STAMPS, is_fips, meanings, own_part
from tocsin.observe.mapping.hints import guess_code
from tocsin.observe.mapping.looks import (
    LEAST,
    beside,
    comment,
    ids,
    in_one_cell,
    names_somebody,
    sums,
    why_not,
)
from tocsin.observe.mapping.mapped import COLUMNS, columns_and_records
from tocsin.observe.mapping.numbers import may_be_number, settle
from tocsin.observe.mapping.points import (
    add_pair,
    between,
    check_points,
    country_line,
    country_of_points,
    is_country,
    is_degrees,
    is_gwno,
)
from tocsin.schema.days import month_number, read_days
from tocsin.schema.mapping import COUNTS, DEATHS
from tocsin.schema.mapping.cells import are_points_thousands, looked_up, one_of_pair, plain_count
from tocsin.schema.mapping.counts import names_dead, written_count
from tocsin.schema.tables.observed.report import EVENT_TYPES, TARGETS
from tocsin.schema.vocabulary.calendars import calendar_of_heading
from tocsin.schema.vocabulary.folding import HEADINGS
from tocsin.schema.vocabulary.heading import LANGUAGES, counts_states, field_of_tag
from tocsin.schema.vocabulary.placeholder import is_placeholder, is_total

SAMPLE = 2_000
"""Rows looked at."""
LOOKS = 0.6
"""How sure a guess is that rests only on what stands in the column."""
MAX_CODES = 40
"""A column of more different values than this is no list of codes."""


def suggest_mapping(source: Source) -> str:
    """Draft a mapping file for a table, as TOML text with comments.

    Args:
        source: any table with a header (text, Excel, Parquet), or JSON with one list of records.

    Returns:
        The text of the file; each line says how sure its guess is.

    Raises:
        SourceRefused: the file has no header or no rows, or is JSON of another kind.
    """
    if box := unread_box(source) or other_harm(source.columns) or across(source):
        raise SourceRefused(box[0], where=source.name, remedy=box[1])
    columns = _sample(source)
    if len(columns) == 1 and (cell := in_one_cell(columns[0])):
        raise SourceRefused(cell[0], where=source.name, remedy=cell[1])
    if sum(is_forecast(one.name) for one in columns) > 1:
        raise SourceRefused(
            "These are forecasts, and no reports of what happened.",
            where=source.name,
            remedy="Observe the events or the counts that they were made from.",
        )
    guesses = [guess for column in columns for guess in _guesses(column)]
    chosen = _choose(guesses)
    _take_earlier(chosen, guesses)
    _take_yearless(chosen, columns)
    add_pair(chosen, columns)
    check_points(chosen)
    return _write(source, columns, chosen)


def _sample(source: Source) -> list[Column]:
    names, found = columns_and_records(source)
    records = list(itertools.islice(found, SAMPLE))
    rows = [
        record.fields
        for record in records
        if not record.fault and not is_total(next(filter(None, record.fields.values()), ""))
    ]
    if not rows:
        fault = next((f" Line {one.line}: {one.fault[1]}" for one in records if one.fault), "")
        said = "All of its rows are at fault." if fault else "There are no rows to learn from."
        raise SourceRefused(
            said + fault, where=source.name, remedy="Mend the table, or export it again."
        )
    tags, own_names = ({}, {}) if source.is_json else (source.tags, source.own_names)
    columns, survey = [], SENT & {own_part(name) for name in names}
    for column in names:
        if survey and column.casefold() in FILLED_IN:
            # When and by whom the form was filled in, which is not when it happened.
            columns.append(Column(column, [], 0.0))
            continue
        values = [looked_up(row[column]) for row in rows if not is_placeholder(row[column])]
        tag, own = tags.get(column, ""), own_names.get(column, own_part(column))
        columns.append(Column(column, values, len(values) / len(rows), tag, own))
    return columns


def _guesses(column: Column) -> list[Guess]:
    """What a column may mean: its name's word for it, weighed by what stands in it."""
    found = []
    named = {} if "/" in column.name else meanings(column.name)
    for field, one in meanings(column.own).items() if column.own else ():
        if one.score > (named[field].score if field in named else 0.0):
            named[field] = one
    tag = field_of_tag(column.tag) if column.tag else None
    for field in dict.fromkeys([*filter(None, [tag]), *named, *CONTENT]):
        if field == "country" and is_fips(column.name):
            continue
        share, note, form = _fit(field, column)
        word = named.get(field)
        score, why = 0.0, "what stands in it"
        if field == tag:
            score, why = 0.35 + 0.65 * share, f"its HXL tag {column.tag}"
        elif word:
            score = word.score * (0.35 + 0.65 * share)
            why = f"its name ({LANGUAGES[word.language]})"
        if score < LOOKS * share and _tells(field, column, share, form):
            score, why = LOOKS * share, "what stands in it"
        if field == "date" and HEADINGS.fold(column.name) in STAMPS:
            # When a form was sent is a day only where no other is told.
            score = min(score, LEAST)
        if score > 0:
            found.append(Guess(field, column, round(score, 2), f"{why}{note}", form))
    return found


CONTENT = ("date", "country", "deaths_best")
"""Fields that what stands in a column can tell, whatever its name says."""


def _tells(field: str, column: Column, share: float, form: str) -> bool:
    """Can what stands in a column be nothing else, whatever its name says?

    A state that is accused, or that somebody is a citizen of, is not where it happened. Nor is a
    column of numbers one of countries because the United Nations number them, or one of days
    because some program counts days.
    """
    if field not in CONTENT or share <= 0.9:
        return False
    if field == "deaths_best":
        return sum(map(names_dead, column.values)) > 0.5 * len(column.values)
    numbers = all(map(str.isdecimal, column.values)) and not counts_states(column.name)
    other = names_somebody(column.name) or numbers
    return " since " not in form if field == "date" else not other


def _choose(guesses: list[Guess]) -> dict[str, Guess]:
    """The surest guess for each field and of each column, one to one."""
    chosen: dict[str, Guess] = {}
    taken: set[str] = set()
    for guess in sorted(guesses, key=lambda one: -one.score):
        free = guess.field not in chosen and guess.column.name not in taken
        if free and guess.score >= LEAST:
            chosen[guess.field] = guess
            taken.add(guess.column.name)
    # A year, month and day by their names are surer than a column that only looks like days.
    # Where a day is written whole, a year beside it says nothing more; a month without its year
    # is no day.
    if {"date", "year", "month"} <= set(chosen) and chosen["date"].score <= LOOKS:
        chosen.pop("date")
    if "date" in chosen or "year" not in chosen:
        for part in ("year", "month", "day"):
            chosen.pop(part, None)
    return chosen


LATE = 400
"""Days within which a row is written down, so that an earlier day is no day of birth."""


def _take_earlier(chosen: dict[str, Guess], guesses: Sequence[Guess]) -> None:
    """Of two columns of days the earlier one is when it happened, the later when it was told."""
    late = chosen.get("date")
    if late is None or late.score >= 0.9 or " or " in late.form:
        return
    taken = {guess.column.name for guess in chosen.values()}
    for one in guesses:
        if one.field != "date" or one.column.name in taken or not one.form or " or " in one.form:
            continue
        pairs = zip(one.column.values, late.column.values, strict=False)
        days = [(read_days(a, one.form), read_days(b, late.form)) for a, b in pairs]
        lags = sorted((b[0] - a[0]).days for a, b in days if a and b)
        same = one.column.filled == late.column.filled and len(lags) > 0.9 * len(days)
        if same and lags and lags[0] >= 0 and 0 < lags[len(lags) // 2] <= LATE:
            why = f"its days are before those of {late.column.name}, when rows were written"
            chosen["date"] = Guess("date", one.column, LOOKS, why, one.form)
            return


def _take_yearless(chosen: dict[str, Guess], columns: Sequence[Column]) -> None:
    """A day and a month in one column, with the year in another."""
    if "year" not in chosen or {"date", "month", "day"} & set(chosen):
        return
    taken = {guess.column.name for guess in chosen.values()}
    for column in columns:
        if column.name not in taken and (form := yearless_form(column.values)):
            why = "days and months stand in it; the year beside it makes them whole"
            chosen["date"] = Guess("date", column, LOOKS, why, form)
            return


def _fit(field: str, column: Column) -> tuple[float, str, str]:
    """Share of the values that can be this field, a note, and the form of days."""
    values = column.values
    if not values:
        return 0.0, ", but it is empty", ""
    if field in ("date", "date_end"):
        told = calendar_of_heading(column.name)
        return (0.0, f", but its days are of {told}", "") if told else guess_form(values)
    tests: dict[str, Callable[[str], bool]] = {
        "country": is_gwno
        if counts_states(column.name)
        else lambda value: is_country(value) or may_be_number(value),
        "latitude": lambda value: is_degrees(value, "latitude"),
        "longitude": lambda value: is_degrees(value, "longitude"),
        **dict.fromkeys(("deaths_best", "deaths_low", "deaths_high", "n_sources"), _is_count),
        "year": lambda value: between(value, 1946, 2100),
        "month": lambda value: month_number(value) is not None or between(value, 0, 12),
        "day": lambda value: between(value, 0, 31),
        "date_prec": lambda value: value in set("12345"),
        "place_prec": lambda value: value in set("1234567"),
    }
    if field in tests:
        share = sum(map(tests[field], values)) / len(values)
        if field in DEATHS and share < 1:
            share = max(share, sum(map(_tells_dead, values)) / len(values))
        return share, f"; {share:.0%} of the values fit", ""
    if field == "id":
        share = len(set(values)) / len(values)
        whole = share if share == 1.0 and column.filled == 1.0 else share / 2
        return whole, f"; {share:.0%} of the values differ", ""
    if field in ("place", "adm1", "adm2", "actor_a", "actor_b") and all(
        map(_NO_NAME.match, values)
    ):
        return 0.0, ", but addresses or codes of a program stand in it", ""
    numbers = sum(between(value, -1e12, 1e12) for value in values) / len(values)
    return 1.0 - 0.8 * numbers * (field not in ("category", "target")), "", ""


_NO_NAME = re.compile(r"https?://|[{\[]")


def _is_count(value: str) -> bool:
    return any(plain_count(value, sign).isdecimal() for sign in ".,") and len(value) < 11


def _tells_dead(value: str) -> bool:
    """Is it a count, or what people write in the place of one: '5-10', 'dozens', '3 (1 child)'?"""
    if _is_count(value) or written_count(value) is not None:
        return True
    words = len(value) < 30 and not re.search(r"\d{4}|\d[.,]\d{2,}|[a-z]\d|://", value)
    return bool(words and (re.match(r"[<>~+\-]?\d{1,4}\D", value) or _MANY.search(value)))


_MANY = re.compile(r"dozen|dizaine|decena|dezena|several|plusieurs|vari[oa]s|many|tbc|عشرات", re.I)


def _write(source: Source, columns: list[Column], chosen: dict[str, Guess]) -> str:
    rows = max(len(column.values) for column in columns)
    lines = [
        "# A draft: read each line, mend it, then use it with",
        "#   tocsin observe FILE --mapping THIS_FILE",
        "# The number before a reason says how sure the guess is, from 0 to 1.",
        f"# Learned from {quantity(rows, 'row')} of {comment(source.name)}",
        "",
        f"source = {_toml(source.name.split('.')[0])}  # the name of the data set, and its version",
        "",
        "[columns]",
    ]
    for field in COLUMNS:
        if guess := chosen.get(field):
            reason = f"# {guess.score:.2f} {comment(guess.why)}"
            lines.append(f"{field} = {_toml(guess.column.name)}  {reason}")
    used = {guess.column.name for guess in chosen.values()}
    unused = [column for column in columns if column.name not in used]
    country = None if "country" in chosen else country_of_points(chosen)
    told = ("country",) if country else ()
    parts = ("date_start", "year", "month", "day", *told)
    still = [field for field in COLUMNS if field not in chosen and field not in parts]
    if "year" in chosen and "date" in still:
        still.remove("date")
    lines += [f"# Open: {', '.join(still)}"] if still else []
    lines += [f"# Not used: {comment(one.name)}: {why_not(one, chosen)}" for one in unused]
    lines += sums(columns, chosen) + beside(chosen, {one.name for one in columns}) + ids(chosen)
    lines += _forms(chosen) + settle(chosen, [one.name for one in columns])
    lines += _constants(chosen, country) + _codes(chosen)
    return "\n".join(lines) + "\n"


def _forms(chosen: dict[str, Guess]) -> list[str]:
    lines = ["", "[forms]"]
    for field in ("date", "date_end"):
        form = chosen[field].form if field in chosen else ""
        if " or " in form:
            lines += open_forms(field, chosen[field].column.values, form.split(" or "))
        elif " | " in form:
            lines.append(f"{field} = [{', '.join(map(_toml, form.split(' | ')))}]")
            if TURNED in form:
                lines += [
                    "# Look: days that stand as texts are all after the twelfth, the others all",
                    "# before the thirteenth: a spreadsheet took day/month for month/day where it",
                    "# could. Those are turned back; if they are right as they stand, write",
                    '# "%Y-%m-%d" first.',
                ]
            elif {"%d/%m/%Y", "%m/%d/%Y"} & set(form.split(" | ")):
                lines.append("# Look at days such as 05/03/2024: is the day or the month first?")
        elif form:
            lines += [f"{field} = {_toml(form)}"]
        if form and _may_be_ethiopian(chosen):
            lines.append("# Look: the years of Ethiopia's own calendar are seven or eight behind.")
    points = chosen["latitude"].column.values if "latitude" in chosen else []
    signs = "".join(one_of_pair(value, "latitude") for value in points)
    counts = [v for field in COUNTS if field in chosen for v in chosen[field].column.values]
    dead = [v for field in DEATHS if field in chosen for v in chosen[field].column.values]
    if not all(map(_is_count, dead)):
        lines.append('counts = "written"  # 5-10, at least 3, dozens: rows are kept and marked')
    pointed = "," in signs or ("." not in signs and are_points_thousands(counts))
    if pointed or any(map(_NOUGHT.search, counts)):
        lines.append('decimal = ","')
    elif any(map(_POINTED.fullmatch, counts)):
        lines += ["# Open: counts such as 1.234 are thousands only where decimals have a comma.",
                  '# decimal = ","']  # fmt: skip
    return lines


def _may_be_ethiopian(chosen: dict[str, Guess]) -> bool:
    where = chosen["country"].column.values[:100] if "country" in chosen else []
    return any(
        HEADINGS.fold(value) in ("ethiopia", "ethiopie", "etiopia", "eth") for value in where
    )


_NOUGHT, _POINTED = re.compile(r"\d,0{1,2}$"), re.compile(r"\d{1,3}(?:\.\d{3})+")


def _constants(chosen: dict[str, Guess], country: tuple[str, int] | None) -> list[str]:
    lines = ["", "[constants]"]
    if "country" not in chosen:
        lines.append(country_line(country))
    lines.append('event_type = "other"  # one of: ' + ", ".join(EVENT_TYPES))
    if "place_prec" not in chosen:
        lines.append("# place_prec = 1  # if the points are exact; 2 near, 3 district, 4 province")
    return lines


def _codes(chosen: dict[str, Guess]) -> list[str]:
    """Lists of what codes mean, for the columns that hold codes."""
    lines: list[str] = []
    if category := chosen.get("category"):
        lines += ["", "# To tell types of violence by the category: add to [columns]"]
        lines += [f"#   event_type = {_toml(category.column.name)}", "# and use this list."]
        lines += _values("event_type", category.column, EVENT_TYPES, "other", prefix="# ")
    if target := chosen.get("target"):
        lines += _values("target", target.column, TARGETS, "other", prefix="")
    return lines


def _values(
    field: str, column: Column, known: Sequence[str], rest: str, *, prefix: str
) -> list[str]:
    # A value that is a star itself is one of the others.
    counts = Counter(value for value in column.values if value != "*")
    lines = ["", f"{prefix}[values.{field}]"]
    for value, count in counts.most_common(MAX_CODES):
        meant = value if value in known else guess_code(field, value) or rest
        lines.append(f"{prefix}{_toml(value)} = {_toml(meant)}  # {count:,}")
    return [*lines, f"{prefix}{_toml('*')} = {_toml(rest)}  # every other value"]


def _toml(text: str) -> str:
    """A TOML basic string: escapes like JSON, but for DEL, which JSON leaves bare."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
