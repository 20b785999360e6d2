"""Protocols stand beside the record of their triggers."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from tocsin.errors import StageNotReady, UsageError
from tocsin.plan.portfolios import SHIPPED
from tocsin.plan.portfolios.declared import Protocol
from tocsin.plan.portfolios.protocols import protocol_sheet, protocol_text

RULES = pl.DataFrame({"rule": ["onset"], "sentence": ["onset of 25 deaths"], "proven": [True]})
YEARS = pl.DataFrame(
    {
        "rule": ["onset"] * 4 + ["other"],
        "gwno": [1, 1, 2, 2, 1],
        "year": [2020, 2021, 2020, 2021, 2019],
        "origins": [12, 12, 12, 6, 1],
        "raised": [3, 2, 1, 0, 9],
        "activations": [2, 0, 1, 0, 9],
        "in_vain": [1, 0, 0, 0, 9],
        "shocks": [1, 1, 1, 0, 9],
        "caught": [1, 0, 1, 0, 9],
    }
)
FILE = replace(
    SHIPPED, protocols={"stocks": Protocol("onset", "Move stocks", "Cell", "Fund", "layered")}
)


def test_the_three_figures_are_counted_on_the_triggers_own_years() -> None:
    row = protocol_sheet(FILE, RULES, YEARS).row(0, named=True)
    assert (row["activation"], row["caught"], row["in_vain"]) == (0.5, 2 / 3, 1 / 3)
    assert (row["territories"], row["first_year"], row["last_year"]) == (2, 2020, 2021)
    assert row["caught_low"] < row["caught"] < row["caught_high"]
    # Three alerts were raised in two territory-years; in a third one only stayed up.
    assert (row["activations"], row["activation_count"], row["activation_of"]) == (3, 2, 4)
    assert (row["carried"], row["partial"], row["in_vain_of"]) == (1, 1, 3)
    assert row["caught_carried"] == 0
    earlier = YEARS.with_columns(activations=pl.Series([1, 0, 0, 0, 9]))
    said = protocol_text(protocol_sheet(FILE, RULES, earlier))
    assert "(2 of 3 shocks, 1 of them in years with an alert from before only;" in said
    # The interval of a half is the same on both sides.
    assert row["activation_low"] + row["activation_high"] == pytest.approx(1.0)
    text = protocol_text(protocol_sheet(FILE, RULES, YEARS), {"layered": "In layers"})
    for words in (
        "50% (2 of 4 territory-years;", "67% (2 of 3 shocks;", "33% (1 of 3 activations;",
        "**Met:** 3 activations in all; in 1 further territory-year an alert only stayed up",
        "; 1 of the 4 territory-years was watched in some months only", "Move stocks",
        "**Who:** Cell", "**Part of:** In layers",
    ):  # fmt: skip
        assert words in text
    doubt = "too few cases for a record"
    assert doubt not in text
    unproven = RULES.with_columns(proven=pl.lit(value=False))
    assert doubt in protocol_text(protocol_sheet(FILE, unproven, YEARS))


def test_what_never_happened_has_no_share() -> None:
    sheet = protocol_sheet(FILE, RULES, YEARS.filter(pl.col("year") == 1900))
    assert sheet.row(0, named=True)["caught"] is None
    text = protocol_text(sheet)
    assert text.count("not known: no year is counted") == 3
    assert "no past case" in text
    quiet = YEARS.with_columns(pl.lit(0).alias(one) for one in ("activations", "shocks", "raised"))
    text = protocol_text(protocol_sheet(FILE, RULES, quiet))
    assert "0% (0 of 4" in text
    assert "not known: no shock came in the years that are counted" in text
    assert "not known: the trigger was never met in the years that are counted" in text


def test_a_share_of_none_or_all_reaches_the_end() -> None:
    row = protocol_sheet(FILE, RULES, YEARS.with_columns(caught=pl.col("shocks"))).row(
        0, named=True
    )
    assert (row["caught"], row["caught_high"]) == (1.0, 1.0)
    assert row["caught_low"] < 1.0


def test_a_trigger_that_is_no_rule_is_refused() -> None:
    wrong = replace(FILE, protocols={"x": Protocol("onsett", "a", "b", "c")})
    with pytest.raises(UsageError, match="Did you mean 'onset'"):
        protocol_sheet(wrong, RULES, YEARS)
    placed = replace(
        FILE, protocols={"x": Protocol("onsett", "a", "b", "c", where="f.toml, line 7")}
    )
    with pytest.raises(UsageError) as caught:
        protocol_sheet(placed, RULES, YEARS)
    assert caught.value.where == "f.toml, line 7"
    with pytest.raises(UsageError, match="no protocol"):
        protocol_sheet(SHIPPED, RULES, YEARS)
    with pytest.raises(StageNotReady):
        protocol_sheet(FILE, RULES.clear(), YEARS)
