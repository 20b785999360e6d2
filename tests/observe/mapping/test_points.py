"""A log of one country tells no country; where all points lie in it, the draft takes it."""

from __future__ import annotations

import pytest

from tocsin.observe import Source
from tocsin.observe.mapping.suggest import suggest_mapping

MOZAMBIQUE = [(-10.78, 40.47), (-12.97, 40.52), (-15.12, 39.27), (-11.67, 39.55)]


def draft(points: list[tuple[float, float]], country: str | None = None) -> str:
    rows = [f"2024-03-{at + 13},{y},{x},2" for at, (y, x) in enumerate(points)]
    head = "date,latitude,longitude,killed"
    if country:
        head, rows = f"{head},country", [f"{row},{country}" for row in rows]
    return suggest_mapping(Source.of_bytes("log.csv", "\n".join([head, *rows]).encode()))


@pytest.mark.slow
def test_all_points_lie_in_one_country() -> None:
    text = draft(MOZAMBIQUE)
    assert 'country = "Mozambique"  # Look: no column names it; all 4 points lie there' in text
    assert "Open: country" not in text
    assert ", country," not in text


@pytest.mark.slow
@pytest.mark.parametrize(
    "points",
    [
        [*MOZAMBIQUE, (16.27, -0.05)],
        MOZAMBIQUE[:2],
        [(-40.0, 10.0), (-41.0, 11.0), (-42.0, 12.0)],
        [(-14.36, 35.66), (-14.34, 35.67), (-14.38, 35.67)],
    ],
)
def test_it_stays_open_where_another_may_be_meant(points: list[tuple[float, float]]) -> None:
    """Two countries, too few points, the sea, and a border within the shapes' own doubt."""
    assert '# Open: country = "the one country' in draft(points)


def test_a_column_that_names_it_is_taken() -> None:
    assert 'country = "country"' in draft(MOZAMBIQUE, "Malawi")
