"""Made texts: what a reading tells of reports that a language model wrote, with their answers.

The texts are of regions of which no report was at hand, in the style of agencies, reports and
local papers. They are no field record: see README.md beside this file. Rules were mended with set
1; sets 2 to 7 were each scored once before rules were mended with them too (set 6 was seen before
its last score: README.md says how). From set 6 on each text has what is said, by whom and against
whom, too. Set 8 was scored once, and no rule was mended with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from tocsin.assess.actors.states import state_number
from tocsin.assess.technology.mentions.reading import HELD, Setting, Statement, read
from tocsin.assess.technology.mentions.users import Facts, probabilities
from tocsin.assess.technology.tags import BELIEVED, SHOWS
from tocsin.bench.mentions.scores import FLOOR, USER_OF, f1
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

CODES = {
    "ua": "uncrewed-aircraft",
    "ie": "improvised-explosives",
    "fi": "guided-or-indirect-fire",
    "cy": "cyber",
    "io": "information-operations",
}
"""Code of a class in an answer to the class."""
SIDES = ("a", "b", "third")
USERS = {"a": "a", "b": "b", "t": "third", "!a": "not-a", "!b": "not-b"}
"""Code of a user in an answer to the user of the guidelines; 'n' is nobody whom one could tell."""
SETS = {
    "1": "texts that rules were mended with",
    "2": "texts that were scored once, before rules were mended with them too",
    "3": "texts of other countries, years and registers, scored once, then mended with",
    "4": "texts of again other countries, scored once after that, then mended with too",
    "5": "texts of countries that no other set has, scored once, then mended with too",
    "6": "texts of 55 further countries, scored once, then mended with too",
    "7": "texts of an author who had seen no rule, scored once, then mended with too",
    "8": "texts of 58 countries that sets 6 and 7 do not have, made without a look at the rules",
}
"""Number of a set to what it was for."""


def texts() -> pl.DataFrame:
    """Read the made texts.

    Returns:
        `row_id, gwno, actor_a, actor_b, event_type, language, answer, text`. An answer lists
        'class.act.user' with a space between: the class by `CODES`, `u` for a use and `h` for one
        that was shot down, seized or bought, the user by `USERS`. It is empty where the text tells
        of no class. A row's id begins with the number of its set.
    """
    source = files(__package__).joinpath("texts.csv").read_bytes()
    return pl.read_csv(source, schema_overrides={"gwno": pl.Int64}).with_columns(
        pl.col("answer").fill_null("")
    )


def answers_in_full() -> pl.DataFrame:
    """Read what is said in the texts of sets 6 to 8, as the guidelines of the labels put it.

    Returns:
        A row a text and statement: `row_id`, `technology` (the class), `is_class` (0 where the
        words mean something else), `said`, `by`, `against` and `user`, in the words of the
        guidelines (`benchmarks/labels/technology_mentions/GUIDELINES.md`). A text that speaks of
        no class has no row.
    """
    source = files(__package__).joinpath("said.csv").read_bytes()
    return pl.read_csv(source).with_columns(
        pl.col("technology").replace(CODES), pl.col("user").fill_null("")
    )


def judge_texts(rows: pl.DataFrame) -> pl.DataFrame:
    """Read texts, and put beside each class that is there, or is told, what is true of it.

    Args:
        rows: of `texts`.

    Returns:
        A row a text and class: `row_id, language, technology, there, told` (whether the class is
        there, and whether a tag would say so), `used, told_used`, `user` (empty where nobody can
        tell), `accuses` (whether an organisation is made more probably the user than not that was
        not it), and `a, b, third`, the probabilities of users; null where the class is not told.
    """
    found = [one for row in rows.iter_rows(named=True) for one in _of_text(row)]
    schema = {
        "row_id": pl.String, "language": pl.String, "technology": pl.String, "there": pl.Boolean,
        "told": pl.Boolean, "used": pl.Boolean, "told_used": pl.Boolean, "user": pl.String,
        "accuses": pl.Boolean,
        **dict.fromkeys(SIDES, pl.Float64),
    }  # fmt: skip
    return pl.DataFrame(found, schema=schema)


def measure(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Count how often tags and users are right, in all and by class and language.

    Args:
        rows: of `judge_texts`.

    Returns:
        Rows of `texts` (the class, the language or 'all'), `n` (classes that are there),
        `precision` and `recall` of tags, `precision_use` and `recall_use` of uses; and `users` (of
        those that are told and known), `user_right`, `user_log_score` and `accused`, how many
        accuse an organisation of what was another's.
    """
    groups = [("all", rows)]
    for column, names in (("technology", TECHNOLOGIES), ("language", rows["language"].unique())):
        groups += [(name, rows.filter(pl.col(column) == name)) for name in sorted(names)]
    return [{"texts": name} | _scores(some) for name, some in groups if some.height]


def _scores(rows: pl.DataFrame) -> dict[str, Any]:
    found: dict[str, Any] = {"n": int(rows["there"].sum())}
    for name, truth, told in (("", "there", "told"), ("_use", "used", "told_used")):
        one = f1(rows[truth].to_numpy(), rows[told].to_numpy(), np.ones(rows.height))
        found |= {f"precision{name}": one["precision"], f"recall{name}": one["recall"]}
    known = rows.filter(pl.col("there") & pl.col("told") & pl.col("user").is_in(list(USER_OF)))
    right = [_allow_each(one) for one in known["user"]]
    given = [[row[side] for side in SIDES] for row in known.iter_rows(named=True)]
    first = [ok[int(np.argmax(p))] for ok, p in zip(right, given, strict=True)]
    logs = [np.log(max(np.dot(ok, p), FLOOR)) for ok, p in zip(right, given, strict=True)]
    found |= {"users": known.height}
    found["user_right"] = float(np.mean(first)) if first else float("nan")
    found["user_log_score"] = float(np.mean(logs)) if logs else float("nan")
    return found | {"accused": int(known["accuses"].sum())}


def _allow_each(user: str) -> list[bool]:
    return [side in USER_OF[user] for side in SIDES]


def find_users(row: Mapping[str, Any]) -> Iterator[tuple[str, str, Statement, Facts]]:
    """Find the classes of a text whose user is known and that the house's reading tells of.

    Args:
        row: of `texts`.

    Yields:
        The class, its user in the words of the guidelines, the statement and the event's facts.
    """
    told = _by_class(read(row["text"], Setting(row["gwno"], row["actor_a"], row["actor_b"])))
    for technology, (_, user) in _answers(row["answer"]):
        if technology in told and user in USER_OF:
            yield technology, user, told[technology], _facts(row, told[technology])


def _facts(row: Mapping[str, Any], one: Statement) -> Facts:
    where = Setting(row["gwno"], row["actor_a"], row["actor_b"])
    return Facts(where, one_sided=row["event_type"] == "one-sided", taken=one.said in HELD)


def _of_text(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    answer = dict(_answers(row["answer"]))
    where = Setting(row["gwno"], row["actor_a"], row["actor_b"])
    told = _by_class(read(row["text"], where))
    for technology in sorted({*answer, *told}):
        used, user = answer.get(technology, (False, ""))
        one = told.get(technology)
        users: tuple[float | None, ...] = (None, None, None)
        if one is not None:
            users = probabilities(technology, one.by, one.against, _facts(row, one))
        yield {
            "row_id": row["row_id"],
            "language": row["language"],
            "technology": technology,
            "there": technology in answer,
            "told": one is not None,
            "used": used,
            "told_used": one is not None and one.use >= BELIEVED,
            "user": user,
            "accuses": user in USER_OF and _accuses(where, users, USER_OF[user]),
            **dict(zip(SIDES, users, strict=True)),
        }


def _accuses(where: Setting, users: tuple[float | None, ...], right: tuple[str, ...]) -> bool:
    sides = zip(SIDES, (where.actor_a, where.actor_b), users, strict=False)
    return any(
        name is not None
        and state_number(name) is None
        and (p or 0) >= BELIEVED
        and side not in right
        for side, name, p in sides
    )


def _answers(answer: str) -> Iterator[tuple[str, tuple[bool, str]]]:
    """Class to whether it was used and by whom, as an answer says."""
    for one in answer.split():
        code, act, user = one.split(".")
        yield CODES[code], (act == "u", USERS.get(user, ""))


def _by_class(statements: list[Statement]) -> dict[str, Statement]:
    """Class to its most convincing statement, of those that make a tag."""
    found: dict[str, Statement] = {}
    for one in statements:
        there = one.is_class if one.said in SHOWS else one.use
        if min(one.is_class, there) >= BELIEVED:
            held = found.get(one.technology)
            if held is None or (one.by is not None and held.by is None):
                found[one.technology] = one
    return found
