"""Made texts have answers that can be scored, and readings of them that hold."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.bench.mentions import made
from tocsin.bench.mentions.scores import USER_OF


def test_answers_are_of_known_classes_acts_and_users() -> None:
    texts = made.texts()
    assert texts["row_id"].is_unique().all()
    assert set(texts["row_id"].str.slice(0, 1)) == set(made.SETS)
    answers = [one.split(".") for answer in texts["answer"] for one in answer.split()]
    assert {one[0] for one in answers} <= set(made.CODES)
    assert {one[1] for one in answers} == {"u", "h"}
    assert {one[2] for one in answers} <= {*made.USERS, "n"}


def test_answers_of_the_sixth_to_eighth_set_follow_from_what_is_said() -> None:
    full = made.answers_in_full()
    sets = ["6-", "7-", "8-"]
    texts = made.texts().filter(pl.col("row_id").str.slice(0, 2).is_in(sets))
    assert set(full["row_id"].str.slice(0, 2)) == set(sets)
    assert set(full["row_id"]) <= set(texts["row_id"])
    assert set(full["technology"]) <= set(made.CODES.values())
    use = ["attack", "watch", "influence"]
    without = ["lost", "seized", "acquired", "target"]
    there = full.filter((pl.col("is_class") == 1) & pl.col("said").is_in(use + without))
    users = {user: code for code, user in made.USERS.items()} | {"unknown": "n"}
    code = {name: code for code, name in made.CODES.items()}
    told = {
        (row["row_id"], code[row["technology"]], "u" if row["said"] in use else "h", user)
        for row in there.iter_rows(named=True)
        for user in [users[row["user"]]]
    }
    answers = {
        (row["row_id"], *one.split("."))
        for row in texts.iter_rows(named=True)
        for one in row["answer"].split()
    }
    assert told == answers
    assert (full.filter(pl.col("is_class") == 0)["user"] == "").all()


def test_a_reading_is_scored() -> None:
    texts = (
        made.texts()
        .head(3)
        .with_columns(
            pl.Series("text", ["Car bomb kills two", "A quiet day", "Clash; drones strike a post"]),
            pl.Series("answer", ["ie.u.b", "fi.u.a", ""]),
            pl.lit("Government of Syria").alias("actor_a"),
            pl.lit("Hill Group").alias("actor_b"),
        )
    )
    judged = made.judge_texts(texts)
    told = judged.select("technology", "there", "told").rows()
    assert told == [
        ("improvised-explosives", True, True),
        ("guided-or-indirect-fire", True, False),
        ("uncrewed-aircraft", False, True),
    ]
    all_of_them = made.measure(judged)[0]
    assert (all_of_them["precision"], all_of_them["recall"]) == (0.5, 0.5)
    assert (all_of_them["users"], all_of_them["user_right"]) == (1, 1.0)


@pytest.mark.slow
def test_no_organisation_is_accused_of_what_was_anothers_on_the_second_set() -> None:
    texts = made.texts().filter(pl.col("row_id").str.starts_with("2-"))
    judged = made.judge_texts(texts)
    [found] = [one for one in made.measure(judged) if one["texts"] == "all"]
    assert found["precision"] >= 0.92
    assert found["recall"] >= 0.95
    assert found["user_right"] >= 0.87
    known = judged.filter(pl.col("user").is_in(list(USER_OF)))
    assert not known["accuses"].any()
