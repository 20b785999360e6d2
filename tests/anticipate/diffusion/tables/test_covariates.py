"""Covariates of a user's own table: what is no number, does not differ, or says the same twice."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.errors import SourceRefused, UsageError

SIZES = ["1", "2", "3", "4", "5", "6"]


def _table(**columns: list[str | None]) -> pl.DataFrame:
    time = ["2001", "2002", "2003", "2004", None, None]
    return pl.DataFrame({"actor": list("abcdef"), "technology": ["x"] * 6, "time": time} | columns)


def test_a_number_without_end_is_unknown() -> None:
    cases = read_cases(_table(size=[*SIZES[:5], "inf"]), covariates=["size"])
    assert np.isfinite(cases.covariates).all()
    assert cases.covariates[5, 0] == pytest.approx(0)
    assert any("unknown for 1 case, which takes" in note for note in cases.notes)


def test_equal_numbers_do_not_differ_by_rounding() -> None:
    with pytest.raises(UsageError, match="differ"):
        read_cases(_table(size=["0.1"] * 6), covariates=["size"])


@pytest.mark.parametrize("name", ["time", "actor"])
def test_what_has_to_be_explained_is_no_covariate(name: str) -> None:
    with pytest.raises(UsageError, match="no covariate"):
        read_cases(_table(), covariates=[name])


def test_a_column_given_twice_is_one() -> None:
    cases = read_cases(_table(size=SIZES), covariates=["size", "size"])
    assert cases.covariate_names == ("size",)
    assert cases.covariates.shape == (6, 1)


@pytest.mark.parametrize(("age", "told"), [(["2", "4", "6", "8", "10", "12"], True),
                                           (["2", "4", "6", "9", "10", "12"], False)])  # fmt: skip
def test_columns_of_which_one_follows_from_others_are_told(age: list[str], told: bool) -> None:
    cases = read_cases(_table(size=SIZES, age=age), covariates=["size", "age"])
    assert any("cannot be told apart" in note for note in cases.notes) == told


def test_of_several_rows_the_first_known_number_is_taken() -> None:
    late = pl.concat([_table(size=["", *SIZES[1:]]), _table(size=["1", *SIZES[1:]])])
    cases = read_cases(late, covariates=["size"])
    assert np.allclose(
        cases.covariates, read_cases(_table(size=SIZES), covariates=["size"]).covariates
    )
    assert not any("changes" in note for note in cases.notes)
    unlike = pl.concat([_table(size=SIZES), _table(size=["9", *SIZES[1:]])])
    assert any("in 1 case:" in note for note in read_cases(unlike, covariates=["size"]).notes)


def _beside(**columns: list[str | None]) -> pl.DataFrame:
    return pl.DataFrame({"actor": ["f", "e", "d", "c", "b", "a"]} | columns)


def test_numbers_of_a_second_table_stand_beside_their_organisations() -> None:
    more = _beside(size=SIZES[::-1], note=["x"] * 6, time=SIZES)
    cases = read_cases(_table(), more=more)
    assert cases.covariate_names == ("size",)
    within = read_cases(_table(size=SIZES), covariates=["size"])
    assert np.allclose(cases.covariates, within.covariates)
    assert cases.covariate_scales == within.covariate_scales == (pytest.approx(35**0.5 / 12**0.5),)


def test_of_a_second_table_only_what_is_named_is_taken_beside_what_the_first_has() -> None:
    more = _beside(size=SIZES[::-1], age=["3", "1", "4", "1", "5", "9"])
    cases = read_cases(_table(reach=SIZES), more=more, covariates=["age", "reach"])
    assert cases.covariate_names == ("age", "reach")
    cases = read_cases(_table(reach=SIZES), more=more, covariates=["reach"])
    assert cases.covariate_names == ("reach", "size", "age")


def test_a_second_table_is_read_as_an_office_keeps_it() -> None:
    more = pl.DataFrame(
        {"Groupe": ["b ", "a", "c", "zz", "a"], "size": ["1,5", "4 000", "2", "7", "8"]}
    )
    cases = read_cases(_table(), more=more)
    assert cases.covariates[0, 0] == cases.covariates.max()
    for words in ("such as 'zz'", "in 1 organisation:", "unknown for 3 cases"):
        assert any(words in note for note in cases.notes)


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        (_beside(note=["x"] * 6), SourceRefused, "holds numbers"),
        (_beside(size=SIZES).drop("actor"), SourceRefused, "no column 'actor'"),
        (_beside(size=SIZES).with_columns(actor=pl.lit("zz")), SourceRefused, "None of its"),
        (_beside(reach=SIZES), UsageError, "which of the two"),
    ],
)
def test_a_second_table_that_says_nothing_or_the_same_is_refused(
    more: pl.DataFrame, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        read_cases(_table(reach=SIZES), more=more)
