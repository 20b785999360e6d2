"""Actors and their relations."""

from __future__ import annotations

import polars as pl


def test_relations_are_statements_about_known_actors(seen: dict[str, pl.DataFrame]) -> None:
    actors, relations = seen["actors"], seen["actor_relations"]
    assert actors["actor_id"].n_unique() == actors.height == 1725
    assert set(relations["actor_id"]) <= set(actors["actor_id"])
    assert {"splinter", "alliance"} <= set(relations["relation"])
