"""Covariates of a user's own table: what is no number, does not differ, or says the same twice."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.errors import UsageError

SIZES = ["1", "2", "3", "4", "5", "6"]


def _table(**columns: list[str | None]) -> pl.DataFrame:
    time = ["2001", "2002", "2003", "2004", None, None]
    return pl.DataFrame({"actor": list("abcdef"), "technology": ["x"] * 6, "time": time} | columns)


def test_a_number_without_end_is_unknown() -> None:
    cases = read_cases(_table(size=[*SIZES[:5], "inf"]), covariates=["size"])
    assert np.isfinite(cases.covariates).all()
    assert cases.covariates[5, 0] == pytest.approx(0)
    assert any("unknown for 1 cases" in note for note in cases.notes)


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
    assert any("in 1 cases" in note for note in read_cases(unlike, covariates=["size"]).notes)
