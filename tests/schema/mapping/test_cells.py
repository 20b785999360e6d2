"""Cells as people and programs write them."""

from __future__ import annotations

import pytest

from tocsin.schema.mapping.cells import are_points_thousands


@pytest.mark.parametrize(
    ("cells", "thousands"),
    [
        (["12", "1.204"], True), (["12", "1.000", ""], True), (["1.204", "2.300"], True),
        (["3.000", "1.000"], False), (["3.0", "1.204"], False), (["12", "3"], False),
        (["0.204", "12"], False), (["1.204.567", "3"], True), (["1,5", "1.204"], True), ([], False),
    ],
)  # fmt: skip
def test_a_point_is_of_thousands_where_the_whole_column_shows_it(
    cells: list[str], thousands: bool
) -> None:
    assert are_points_thousands(cells) is thousands
