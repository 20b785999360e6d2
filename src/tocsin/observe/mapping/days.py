"""Days of a column whose form a mapping names, as reports hold them: with UCDP's precision.

`tocsin.schema.days` reads the texts. Reports know no year before 1946, where UCDP's record begins.
"""

from __future__ import annotations

from tocsin.observe.checks.spans import Span, vague
from tocsin.observe.checks.values import Refused, in_time
from tocsin.schema.days import forms_of, known_days, read_days
from tocsin.schema.vocabulary.placeholder import is_placeholder_day

FORMATS = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d",
    "%d/%m/%y", "%m/%d/%y", "%d %B %Y", "%B %d %Y", "%d-%B-%Y", "%Y-%m", "%m/%Y", "%B %Y", "%Y",
)  # fmt: skip
"""What a draft tries, the likeliest first. A mapping may name any other of strptime's forms."""


def span(value: str, form: str, column: str = "date", *, strict: bool = False) -> Span:
    """Read the days that a text means: one, or those of a month or a year.

    Args:
        value: the text, in digits of any script; a time of day after it is passed over.
        form: one of strptime's formats. `%B` reads names of months in four languages.
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
    days = read_days(value, form, strict=strict)
    if days is None:
        known = next(filter(None, (known_days(value, one) for one in forms_of(form))), None)
        if known is not None:
            return vague(known, column, value)
        reason = f"'{column}' is not a day written as {form}."
        raise Refused("date", reason, column=column, value=value)
    in_time(days[0], column, value)
    if days[0] == days[1] and is_placeholder_day(days[0], unsure=True):
        reason = f"{days[0]} in '{column}' stands for a day that is not known."
        raise Refused("date", reason, column=column, value=value)
    if days[0] == days[1]:
        return Span(*days, 1)
    return Span(*days, 4 if days[0].month == days[1].month else 5)
