"""Days of a column whose form a mapping names, as reports hold them: with UCDP's precision.

`tocsin.schema.days` reads the texts. Reports know no year before 1946, where UCDP's record begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tocsin.observe.checks.spans import Span, between, vague
from tocsin.observe.checks.values import Refused, in_time
from tocsin.schema.days import forms_of, known_days, read_days
from tocsin.schema.vocabulary.calendars import counted_forms, other_calendar
from tocsin.schema.vocabulary.placeholder import is_placeholder_day

FORMATS = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d",
    "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%m-%y", "%d %B %Y", "%B %d %Y", "%d-%B-%Y",
    "%d-%B-%y", "%d %B %y", "%Y-%m", "%m/%Y", "%B %Y", "%G-W%V", "%GW%V", "%Y-Q%q", "%Y Q%q",
    "%YQ%q", "Q%q %Y", "T%q %Y", "%Y",
)  # fmt: skip
"""What a draft tries, the likeliest first. A mapping may name any other of strptime's forms."""


SWAPPED = {"%d/%m/%Y": "%m/%d/%Y", "%d/%m/%y": "%m/%d/%y"}
"""Forms with the day first, and those with the month first that read some of the same texts."""


def span(value: str, form: str, column: str = "date", *, strict: bool = False) -> Span:
    """Read the days that a text means: one, or those of a month or a year.

    Args:
        value: the text, in digits of any script; a time of day after it is passed over.
        form: one of strptime's formats. `%B` reads names of months in many languages.
        column: for the refusal.
        strict: nothing but the form is read; else also a day by ISO 8601.

    Returns:
        The span, with UCDP's precision.

    Raises:
        Refused: the text is not of that form, or out of all time. Where only its day, or day and
            month, cannot be told, the span is that of the month or year, with a doubt.

    >>> span("3 février 2021", "%d %B %Y").start
    datetime.date(2021, 2, 3)
    >>> span("02/2021", "%m/%Y").end, span("2021", "%Y").precision
    (datetime.date(2021, 2, 28), 5)
    """
    found = _span(value, form, column, strict=strict)
    if found is None:
        told = other_calendar([value]) or _both_ways(value)
        reason = f"'{column}' is not a day written as {form}. {told or ''}".strip()
        raise Refused("date", reason, column=column, value=value)
    return found


def _span(value: str, form: str, column: str = "date", *, strict: bool) -> Span | None:
    """The span as `span` reads it; None where the text is not of that form."""
    days = read_days(value, form, strict=strict)
    if days is None:
        known = next(filter(None, (known_days(value, one) for one in forms_of(form))), None)
        return None if known is None else vague(known, column, value)
    in_time(days[0], column, value)
    if days[0] == days[1] and is_placeholder_day(days[0], unsure=True):
        reason = f"{days[0]} in '{column}' stands for a day that is not known."
        raise Refused("date", reason, column=column, value=value)
    if days[0] == days[1]:
        return Span(*days, 1)
    return between(*days)


def guess_form(values: Sequence[str]) -> tuple[float, str, str]:
    """Guess the form in which a column writes days, or several forms where one is not enough.

    Args:
        values: the cells of the column that are not empty.

    Returns:
        The share of the cells that the guess reads, a note for the draft, and the form: several
        stand with ` | ` between them; with ` or ` where every day reads both ways.

    >>> guess_form(["2024-03-05", "6 mars 2024"])[2]
    '%Y-%m-%d | %d %B %Y'
    """
    shares = {form: _reads(values, form) for form in FORMATS}
    best = max(shares.values())
    if not best:
        counted = counted_forms(values[:500])
        note = "; they are numbers that count days" if counted else ""
        return (1.0 if counted else 0.0), note, " or ".join(counted)
    forms = [form for form, share in shares.items() if share == best]
    form = forms[0]
    if best < 1 and (several := _turned_forms(values, _several(values, form))):
        share = _reads(values, several)
        return share, f"; {share:.0%} of the values read in one of several forms", several
    swapped = SWAPPED.get(form)
    if swapped in forms:
        note = "; every day reads as day/month and as month/day"
        return best, note, f"{form} or {swapped}"
    return best, f"; {best:.0%} of the values read as {form}", form


def open_forms(field: str, values: Sequence[str], forms: Sequence[str]) -> list[str]:
    """Write the lines of a draft for a column of days that reads in more than one form.

    Args:
        field: the field of reports, such as 'date'.
        values: the cells of the column that are not empty.
        forms: two forms or more, each of which reads the cells.

    Returns:
        Comments: how to choose, and each form with what it makes of one cell and of all.

    >>> print(*open_forms("date", ["05/03/2024"], ["%d/%m/%Y", "%m/%d/%Y"])[3:], sep="\\n")
    # date = "%d/%m/%Y"  # 05/03/2024 is 5 March 2024; all: 2024-03-05 to 2024-03-05
    # date = "%m/%d/%Y"  # 05/03/2024 is 3 May 2024; all: 2024-05-03 to 2024-05-03
    """
    lines = [
        "# Open: every day reads both ways, and no row is read until one form is chosen. Ask",
        "# whoever keeps the file, or look for a row whose day you know; then take away the first",
        "# sign of one of these lines.",
    ]
    read = {form: {one: read_days(one, form, strict=True) for one in values} for form in forms}
    differs = (one for one in values if len({days[one] for days in read.values()}) > 1)
    example = next(differs, values[0])
    for form, days in read.items():
        known = [found for found in days.values() if found]
        told = days[example]
        shown = f"{' '.join(example.split())} is {_in_words(told[0])}; " if told else ""
        ends = f"{min(known)[0]} to {max(end for _, end in known)}"
        lines.append(f'# {field} = "{form}"  # {shown}all: {ends}')
    return lines


def _both_ways(value: str) -> str:
    """How to choose, for a day that reads as day/month and as month/day; else ''."""
    for first, second in SWAPPED.items():
        days = [read_days(value, form, strict=True) for form in (first, second)]
        if days[0] and days[1]:
            day, month = (_in_words(one[0]) for one in days if one)
            return (
                f"It reads as {day} by {first}, and as {month} by {second}: write the one that is "
                "meant as `date` under [forms] of the mapping. Whoever keeps the file knows, or a "
                "row whose day is known."
            )
    return ""


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


TURNED = "%Y-%d-%m"
"""A day of Excel's own that was day/month, and that it took for month/day."""
CHANCE = 0.05
"""So often at most it is chance that no day shows that they were not turned."""


def _turned_forms(values: Sequence[str], several: str) -> str:
    """Forms of a column whose days a spreadsheet took for month/day where it could.

    Then all that stand as its own days have a day up to the twelfth, and all that it left as texts
    a later one.
    """
    if several not in ("%Y-%m-%d | %d/%m/%Y", "%d/%m/%Y | %Y-%m-%d"):
        return several
    own = [days[0].day for one in values if (days := read_days(one, "%Y-%m-%d", strict=True))]
    texts = [days[0].day for one in values if (days := read_days(one, "%d/%m/%Y", strict=True))]
    if max(own) > 12 or min(texts) <= 12 or 0.4 ** len(own) * 0.6 ** len(texts) > CHANCE:
        return several
    return f"{TURNED} | %d/%m/%Y"


YEARLESS = (("%d %B", " "), ("%B %d", " "), ("%d-%B", "-"), ("%d/%m", "/"), ("%d.%m", "."))
"""Forms of a day and a month whose year stands in another column, and the sign before a year."""


def yearless_form(values: Sequence[str]) -> str:
    """Guess how a column writes days and months without their year; '' where it does not.

    >>> yearless_form(["5 March", "17 mai"]), yearless_form(["Gao"])
    ('%d %B', '')
    """
    for form, sign in YEARLESS:
        whole = [f"{value.rstrip('.')}{sign}2024" for value in values[:500]]
        if whole and _reads(whole, f"{form}{sign}%Y") == 1:
            return form
    return ""


def with_year(day: str, year: str, form: str) -> tuple[str, str]:
    """Put the year of another column behind a day whose form has none.

    >>> with_year("5 March", "2024", "%d %B"), with_year("2024-03-05", "2024", "%Y-%m-%d")
    (('5 March 2024', '%d %B %Y'), ('2024-03-05', '%Y-%m-%d'))
    """
    for one, sign in YEARLESS:
        if one == form and year:
            return f"{day.rstrip('.')}{sign}{year.removesuffix('.0')}", f"{form}{sign}%Y"
    return day, form


def _several(values: Sequence[str], first: str) -> str:
    """Forms that read what the first does not, one after the other; '' where there are none."""
    chosen, rest = [first], [one for one in values[:500] if not _reads([one], first)]
    while rest:
        form, share = max(((one, _reads(rest, one)) for one in FORMATS), key=lambda pair: pair[1])
        if not share:
            break
        chosen.append(form)
        rest = [one for one in rest if not _reads([one], form)]
    return " | ".join(chosen) if len(chosen) > 1 else ""


def _reads(values: Sequence[str], form: str) -> float:
    good = 0
    for value in values[:500]:
        try:
            good += _span(value, form, strict=True) is not None
        except Refused:
            continue
    return good / len(values[:500])
