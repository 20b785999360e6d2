"""Deaths as people write them: ranges, words, digits of other scripts, and what counts no dead."""

from __future__ import annotations

from fieldkinds.truth import Event, Made, case, delimited, named, table, usual


def _told_so(name: str, cells: dict[int, str], kept: dict[int, dict[str, object]]) -> None:
    def make(told: list[Event]) -> Made:
        rows = table(told, usual())
        for at, cell in cells.items():
            rows[at + 1][8] = cell
        return "log.tsv", delimited(rows, "\t")

    case(kept=kept)(named(f"deaths_{name}", make))


def _unsure(name: str, *cells: str) -> None:
    """The count is not exact: the event stays, no number is made up, and it is marked."""
    _told_so(name, dict(enumerate(cells)), {at: {"dead": None} for at in range(len(cells))})


def _sure(name: str, *cells: tuple[str, int]) -> None:
    """The count is as exact as in digits."""
    _told_so(name, {at: cell for at, (cell, _) in enumerate(cells)},
             {at: {"dead": number, "sure": True} for at, (_, number) in enumerate(cells)})  # fmt: skip


_unsure("ranges", "5-10", "5 – 10", "5 à 10", "between 5 and 10", "entre 5 y 10")
_unsure("bounds", ">20", "20+", "<5", "at least 3", "au moins 3", "al menos 3")
_unsure("bounds_elsewhere", "pelo menos 3", "ما لا يقل عن 3", "más de 10", "plus de 10", "over 10")
_unsure("about", "~10", "approx. 10", "environ 10", "unos 10", "cerca de 10", "10 (?)")
_unsure("dozens", "une dizaine", "une vingtaine", "dozens", "des dizaines", "decenas", "several")
_unsure("wounded_beside", "3 tués, 5 blessés", "3 killed / 5 injured", "3/5", "3+5", "2 ; 1")
_unsure("footnotes", "3*", "3 [1]", "3?", "-3", "1.5", "3e")
_unsure("doubtful_text", "see notes", "TBC", "en cours", "pending", "many", "plusieurs")
_sure("arabic_digits", ("٣", 3), ("١٢", 12), ("۷", 7), ("३", 3), ("၄", 4), ("৫", 5))
_sure("thin_spaces", ("1 234", 1234), ("2\u2009345", 2345), ("3\u202f456", 3456), ("4\u00a0567", 4567),
      ("12", 12), ("\u00a03 ", 3))  # fmt: skip
_sure(
    "apostrophes", ("1'234", 1234), ("2’345", 2345), ("12", 12), ("3.0", 3), ("004", 4), ("+5", 5)
)
_sure("words", ("three", 3), ("trois", 3), ("tres", 3), ("três", 3), ("ثلاثة", 3), ("two", 2))
_sure("none", ("nil", 0), ("néant", 0), ("aucun", 0), ("ninguno", 0), ("nenhum", 0), ("zero", 0))
_sure("units", ("3 morts", 3), ("3 dead", 3), ("3 killed", 3), ("3 muertos", 3), ("3 mortos", 3),
      ("3 قتلى", 3))  # fmt: skip


@case(fields=("day", "country", "point", "nodead"))
def wounded_only(told: list[Event]) -> Made:
    """The wounded are no dead."""
    columns = {**usual(Killed=None), "Blessés": lambda e: e.dead}
    return "log.csv", delimited(table(told, columns))  # type: ignore[arg-type]


@case(fields=("day", "country", "point"), said="Victim|victim|Casualt|many meanings")
def casualties_of_both_kinds(told: list[Event]) -> Made:
    """'Casualties' are dead and wounded: taken for the dead only where the draft says so."""
    columns = {**usual(Killed=None), "Casualties": lambda e: e.dead}
    return "log.csv", delimited(table(told, columns))  # type: ignore[arg-type]


@case(fields=("day", "country", "point", "nodead"), said="Civilians killed|Soldiers killed")
def parts_without_a_total(told: list[Event]) -> Made:
    """Civilians and soldiers apart: neither is the total, and the draft says why not."""
    columns = {**usual(Killed=None), "Civilians killed": lambda e: e.dead, "Soldiers killed": "2"}
    return "log.csv", delimited(table(told, columns))  # type: ignore[arg-type]


@case(kept={0: {"dead": None}, 1: {"dead": None}})
def bounds_the_wrong_way(told: list[Event]) -> Made:
    """Least and most stand in columns of their own; the best estimate is empty in two rows.

    The lower bound stands for the best there, with a mark, as it does everywhere.
    """
    columns = {**usual(), "Min killed": lambda e: e.dead, "Max killed": lambda e: e.dead + 3}
    rows = table(told, columns)  # type: ignore[arg-type]
    rows[1][8] = rows[2][8] = ""
    return "log.csv", delimited(rows)


@case()
def decimal_commas_everywhere(told: list[Event]) -> Made:
    """Semicolons, decimal commas and '3,0' dead, as a French Excel saves a sheet."""
    columns = usual(
        Killed=lambda e: f"{e.dead},0",
        Latitude=lambda e: str(e.north).replace(".", ","),
        Longitude=lambda e: str(e.east).replace(".", ","),
        Date=lambda e: f"{e.day:%d/%m/%Y}",
    )
    return "log.csv", "\ufeff" + delimited(table(told, columns), ";", "\r\n")
