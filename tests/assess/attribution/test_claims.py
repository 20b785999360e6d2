"""Claims move odds within bounds, count once, and never touch the evidence."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.assess.attribution.claims import BOUND, LIMIT, apply_factors, weigh
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.tables.observed.claim import STANCES

LINKS = pl.DataFrame({"incident_id": ["i-1"] * 3, "report_id": ["r-0", "r-1", "r-2"]})
SOURCES = pl.DataFrame({"report_id": ["r-0", "r-1", "r-2"], "source": ["A", "A", "B"]})


def claims(*rows: tuple[str, str, str, str | None, float | None]) -> pl.DataFrame:
    model = TABLES["claims"]
    made = [
        {
            "report_id": report_id, "actor": actor, "stance": stance, "said_by": by,
            "confidence": sure, "source": "claims",
        }
        for report_id, actor, stance, by, sure in rows
    ]  # fmt: skip
    return conform(model, pl.DataFrame(made, schema=empty(model).schema))


def test_a_claim_repeated_counts_once() -> None:
    once = weigh(claims(("r-0", "X", "claimed", None, 1.0)), LINKS, SOURCES)
    often = claims(*[(f"r-{n}", "X", "claimed", None, 1.0) for n in range(3)])
    assert weigh(often, LINKS, SOURCES)["i-1", "X"].factor == once["i-1", "X"].factor


def test_reliability_scales_a_claim() -> None:
    told = claims(("r-0", "X", "claimed", None, 1.0))
    factors = [
        weigh(told, LINKS, SOURCES, {"A": rho})["i-1", "X"].factor for rho in (0.0, 0.5, 1.0)
    ]
    assert factors == pytest.approx([1.0, LIMIT["claimed"] ** 0.5, LIMIT["claimed"]])


def test_a_denial_lowers_and_an_accusation_raises_less_than_a_claim() -> None:
    told = claims(
        ("r-0", "X", "denied", None, 1.0),
        ("r-0", "Y", "accused", "Z", 1.0),
        ("r-0", "Z", "claimed", None, 1.0),
    )
    found = weigh(told, LINKS, SOURCES)
    assert found["i-1", "X"].factor < 1 < found["i-1", "Y"].factor < found["i-1", "Z"].factor
    assert "accused by Z" in found["i-1", "Y"].words[0]


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["r-0", "r-1", "r-2"]), st.sampled_from("XYZ"),
            st.sampled_from(STANCES), st.sampled_from([None, "P", "Q", "R", "S", "T"]),
            st.sampled_from([None, 0.0, 0.4, 1.0]),
        ),
        max_size=20,
    )
)  # fmt: skip
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_all_claims_together_are_bounded(rows: list[tuple[str, str, str, str, float]]) -> None:
    for weighed in weigh(claims(*rows), LINKS, SOURCES).values():
        assert 1 / BOUND <= weighed.factor <= BOUND


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.floats(0.001, 1), min_size=1),
    st.dictionaries(st.sampled_from("abcdefg"), st.floats(1 / BOUND, BOUND)),
)
@settings(deadline=None)
def test_factors_keep_the_sum(evidence: dict[str, float], factors: dict[str, float]) -> None:
    found = apply_factors(evidence, factors)
    assert sum(found.values()) == pytest.approx(sum(evidence.values()))
    assert apply_factors(evidence, {}) == pytest.approx(evidence)
