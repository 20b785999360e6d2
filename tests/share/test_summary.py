"""What a terminal says of portfolios: the median and the chance of a war, and shares of what was
played."""

from __future__ import annotations

from typing import Any

from tocsin.share.summary import portfolio_lines

QUO: dict[str, Any] = {
    "portfolio": "status quo", "outcome": "deaths", "unit": "deaths in 10 years",
    "mean": 1_450.0, "low": 0.0, "median": 14.0, "high": 640.0, "p_1000": 0.0091, "judgement": 0.02,
}  # fmt: skip
LAYERED: dict[str, Any] = {
    "portfolio": "layered", "against": "status quo", "outcome": "deaths",
    "unit": "deaths in 10 years", "mean": -180.0, "low": -740.0, "median": -2.0, "high": 0.0,
    "p_better": 1.0, "p_better_2": 0.994, "p_better_4": 0.988, "flips_at": 167.0,
    "judgement": 0.31, "driver": None,
}  # fmt: skip


def test_what_is_rare_is_told_as_a_chance_and_nothing_is_certain() -> None:
    _, quo, layered, _ = portfolio_lines({"comparisons": [LAYERED], "outcomes": [QUO]})
    assert "median 14 deaths in 10 years" in quo
    assert "1,000 or more in <1% of the futures" in quo
    assert "−180 deaths in 10 years on average" in layered
    assert "fewer in >99% of the futures played, ties as half" in layered
    assert "at least in 99.4% and 98.8% where likelihoods are misjudged" in layered
    assert "(the order holds up to a factor of 167); at least 31% of the spread" in layered
    assert "at least 2% of the spread is judgement" in quo
    little = portfolio_lines({"comparisons": [LAYERED], "outcomes": [QUO | {"judgement": 0.004}]})
    assert little[1].endswith("; of the spread less than 1% is traced to judgement")
    unshown = LAYERED | {"flips_at": 1.0, "judgement": None}
    assert portfolio_lines({"comparisons": [unshown], "outcomes": [QUO]})[2].endswith(
        "(the order is not shown)"
    )
    # Where half of the futures have so many, or none was counted, there is no chance to be told.
    for chance in (0.7, 0.0, None):
        _, said, *_ = portfolio_lines(
            {"comparisons": [LAYERED], "outcomes": [QUO | {"p_1000": chance}]}
        )
        assert "1,000 or more" not in said
    assert portfolio_lines({"comparisons": [], "outcomes": [QUO]}) == [
        "Portfolios were not compared here."
    ]
