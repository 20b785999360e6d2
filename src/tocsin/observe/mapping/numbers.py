"""Numbers of a table: of which list those of countries are, and which sign thousands have.

A number that means one state in one list and another in the next is silently wrong half of the
time, so nothing is taken by habit: the heading says it, or one list alone has all numbers, or the
points lie in the states of one list alone, or a person says it in the mapping.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from tocsin.observe.checks.places import TOLERANCE_KM, day_of_last_change, outside
from tocsin.observe.checks.values import Refused
from tocsin.observe.formats.records import Record
from tocsin.observe.mapping.guess import Guess
from tocsin.schema.geography.territory import Territory
from tocsin.schema.mapping import COUNTS, MappingFile
from tocsin.schema.mapping.cells import are_points_thousands
from tocsin.schema.mapping.numbers import SYSTEMS, VIEWS, number_in, states_of, system_of

SAMPLE = 5_000
"""Records looked at."""
INSIDE = 0.9
"""Share of the points that must lie in the states of a list."""
OPEN = "countries"
"""The key under [forms] by which a mapping says it."""

MONTHS = "month_id"
"""VIEWS' column of months, which stands beside its numbers of countries."""

_Where = tuple[str, str, str]
"""A cell of the country, and of the degrees north and east."""


def with_list(mapping: MappingFile, records: Sequence[Record]) -> MappingFile:
    """Say in a mapping of which list the numbers of countries are, where a file tells it.

    Args:
        mapping: the mapping; one that says it stays as it is.
        records: the first records of the file.

    Returns:
        The mapping, with `forms.countries` where that is certain.
    """
    heading = mapping.columns.get("country")
    if heading is None or mapping.forms.countries:
        return mapping
    found = system_of(heading)
    if found is None:
        beside = records[0].fields if records else ()
        found = tell_list([_where(record, mapping) for record in records], beside)
    if found is None:
        return mapping
    return mapping.model_copy(
        update={"forms": mapping.forms.model_copy(update={"countries": found})}
    )


def with_sign(mapping: MappingFile, records: Sequence[Record]) -> MappingFile:
    """Say in a mapping that decimals have a comma, where counts have a point between thousands.

    Degrees have no thousands: where they have a point for decimals, nothing is said.

    Args:
        mapping: the mapping; one that says it stays as it is.
        records: the first records of the file.

    Returns:
        The mapping, with `forms.decimal` where that is certain.
    """
    if "decimal" in mapping.forms.model_fields_set:
        return mapping
    points, counts = (
        [record.fields.get(mapping.columns[one], "") for one in fields if one in mapping.columns
         for record in records]
        for fields in (("latitude", "longitude"), COUNTS)
    )  # fmt: skip
    if any("." in cell for cell in points) or not are_points_thousands(counts):
        return mapping
    return mapping.model_copy(update={"forms": mapping.forms.model_copy(update={"decimal": ","})})


def _where(record: Record, mapping: MappingFile) -> _Where:
    one, other, third = (
        mapping.meaning(field, record.fields.get(mapping.columns[field], ""))
        if field in mapping.columns
        else ""
        for field in ("country", "latitude", "longitude")
    )
    return one, other, third


def tell_list(cells: Sequence[_Where], beside: Iterable[str] = ()) -> str | None:
    """Tell of which list the numbers of countries are.

    VIEWS numbers its countries from one, as any office may number its own, so that only points, or
    VIEWS' column of months, tell that they are VIEWS'.

    Args:
        cells: the country and the degrees north and east of each record, as texts.
        beside: the names of all columns.

    Returns:
        The list; None where there are no numbers, or where several lists would do.
    """
    told = [
        (number, north, east)
        for cell, north, east in cells
        if (number := number_in(cell)) is not None
    ]
    numbers = {number for number, *_ in told}
    fitting = [system for system in SYSTEMS if all(system in states_of(one) for one in numbers)]
    if not numbers or not fitting:
        return None
    if VIEWS in fitting and MONTHS in beside:
        return VIEWS
    if len(fitting) == 1 and fitting != [VIEWS]:
        return fitting[0]
    pairs = {one for one in told if _is_degree(one[1]) and _is_degree(one[2])}
    inside = {system: _share_inside(pairs, system) for system in fitting}
    good = [system for system, share in inside.items() if share >= INSIDE]
    if good and len({_meaning(numbers, system) for system in good}) == 1:
        return good[0]
    return None


def _meaning(numbers: set[int], system: str) -> frozenset[tuple[int, int]]:
    return frozenset((one, states_of(one)[system].gwno) for one in numbers)


def _is_degree(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _share_inside(pairs: set[tuple[int, str, str]], system: str) -> float:
    """The share of the points that lie in the state that the number means."""
    apart = [
        outside(states_of(number)[system].gwno, float(north), float(east), on=day_of_last_change())
        for number, north, east in itertools.islice(sorted(pairs), 200)
        if abs(float(north)) <= 90 and abs(float(east)) <= 180
    ]
    known = [one <= TOLERANCE_KM for one in apart if one is not None]
    return sum(known) / len(known) if known else 0.0


def name_of_number(cell: str, system: str | None) -> str:
    """Name the state that a number means.

    Args:
        cell: the cell of the column of countries.
        system: of which list its numbers are; None where nothing tells.

    Returns:
        The state's name; the cell itself where it is no number, or the list does not have it.

    Raises:
        Refused: the number means one state in one list and another in the next.
    """
    number = number_in(cell)
    if number is None:
        return cell
    found = states_of(number)
    if system is not None:
        return _name(found[system]) if system in found else cell
    if len({unit.gwno for unit in found.values()}) > 1 or [*found] == [VIEWS]:
        meant = ", ".join(f"{unit.name} ({one})" for one, unit in found.items())
        reason = f"The number {number} means {meant}. Say which: `{OPEN}` under [forms]."
        raise Refused("territory", reason, column="country", value=cell)
    return next((_name(unit) for unit in found.values()), cell)


def _name(unit: Territory) -> str:
    return unit.part or unit.name


def may_be_number(cell: str) -> bool:
    """Tell whether a cell is the number of a state in one of the lists."""
    number = number_in(cell)
    return number is not None and bool(states_of(number))


def settle(chosen: Mapping[str, Guess], beside: Iterable[str]) -> list[str]:
    """Settle in a draft of which list the numbers of countries are.

    Args:
        chosen: the guesses by field.
        beside: the names of all columns.

    Returns:
        The line of the draft under [forms]; none where the column holds names or codes.
    """
    guess = chosen.get("country")
    if guess is None or not any(number_in(value) is not None for value in guess.column.values):
        return []
    system = system_of(guess.column.name)
    if system is None:
        columns = [guess.column.values]
        both = [chosen[field].column for field in ("latitude", "longitude") if field in chosen]
        whole = len(both) == 2 and all(one.filled == guess.column.filled for one in both)
        columns += [one.values for one in both] if whole else [[""] * len(columns[0])] * 2
        system = tell_list([*zip(*columns, strict=True)], beside)
    if system is None:
        return [
            "# Open: are the numbers of countries of ISO 3166, Gleditsch and Ward, or VIEWS?",
            f'# {OPEN} = "one of: {", ".join(SYSTEMS)}"',
        ]
    return [f'{OPEN} = "{system}"  # of which list the numbers of countries are']
