"""New names are looked up, then spelled, then new."""

from __future__ import annotations

import polars as pl

from tocsin.assess.linkage.live.vocabulary import Vocabulary

KNOWN = pl.DataFrame(
    {
        "source": ["a", "b"], "place": ["Deir Ezzor", "Khan Sheikhoun"], "place_id": [3, 4],
        "adm1": ["Deir", "Idlib"], "adm_id": [1, 2], "lat": [35.3, 35.4], "lon": [40.1, 36.6],
        "actor_a": ["Government of Syria", "Islamic State of Irap"], "a_fine": [0, 1],
        "a_broad": [0, 1], "actor_b": ["Rebels", "Rebels"], "b_fine": [2, 2], "b_broad": [2, 2],
        "rare": [False, True], "type": ["1", "2"], "type_fine": [0, 1], "type_broad": [0, 1],
    }
)  # fmt: skip


def coded(**values: object) -> dict[str, object]:
    row = {
        "source": "c", "place": "Deir Ezzor", "adm1": "Deir", "lat": 35.3, "lon": 40.1,
        "coarse": False, "actor_a": "Rebels", "actor_b": "Government of Syria", "type": "1",
    }  # fmt: skip
    frame = pl.DataFrame([{**row, **values}], infer_schema_length=None)
    frame = frame.with_columns(pl.col("lat", "lon").cast(pl.Float64))
    return Vocabulary(KNOWN, ["type"], {}).encode(frame).row(0, named=True)


def test_known_names_keep_their_numbers() -> None:
    row = coded()
    assert (row["place_id"], row["adm_id"], row["a_fine"], row["b_fine"]) == (3, 1, 2, 0)
    assert (row["rare"], row["type_fine"]) == (False, 0)


def test_spellings_and_initials_are_found() -> None:
    assert coded(place="Khān Shaykhūn", lat=35.4, lon=36.6)["place_id"] == 4
    assert coded(actor_a="Goverment of Syria")["a_fine"] == 0
    assert coded(actor_a="isoi")["a_fine"] == 1


def test_a_like_name_far_away_is_another_place() -> None:
    assert coded(place="Deir Ezzopr", lat=10.0, lon=10.0)["place_id"] not in (-1, 3, 4)


def test_what_is_missing_or_new() -> None:
    row = coded(place=None, adm1="Idlib", lat=None, lon=None, actor_a=None, type="7")
    assert (row["place_id"], row["adm_id"], row["a_fine"]) == (-1, 2, -1)
    assert (row["lat"], row["lon"], row["coarse"]) == (35.4, 36.6, True)
    assert row["type_fine"] not in (-1, 0, 1)
