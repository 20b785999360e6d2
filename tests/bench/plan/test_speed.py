"""The measure of speed at its smallest: its counts, and no figure of time."""

from __future__ import annotations

import pytest

from tocsin.bench.plan.speed import Size, measure_floor, measure_model, ring


def test_a_ring_has_two_neighbours_each() -> None:
    border = ring(5).border
    assert (border.sum(1) == 1).all()
    assert ((border > 0).sum(1) == 2).all()
    assert Size(50, 20, 10_000, 520).steps == 5_200_000_000


@pytest.mark.release
def test_speed_and_its_floor_are_told() -> None:
    size = Size(3, 2, 8, 13)
    assert measure_model(size, repeats=1)["million_territory_steps_a_second"] > 0
    floor = measure_floor(size)
    # 36 numbers of the state a territory at least, each read and written.
    assert floor["state_bytes_a_step"] > 8 * 36
    assert floor["operations_a_step"] > 1_000
