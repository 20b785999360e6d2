"""Limits and counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tocsin.share.server.web.limits import Bucket, Counts


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 30)), max_size=60), st.integers(1, 5))
def test_nobody_gets_more_than_the_bucket_holds_and_what_flowed_in(
    asked: list[tuple[str, float]], most: int
) -> None:
    now = 0.0
    bucket = Bucket(most, 60, lambda: now)
    taken: dict[str, list[float]] = {"a": [], "b": []}
    for asker, wait in asked:
        now += wait
        if bucket.take(asker) == 0:
            taken[asker].append(now)
    for times in taken.values():
        for first, at in enumerate(times):
            for last in range(first, len(times)):
                flowed = (times[last] - at) * most / 60
                assert last - first + 1 <= most + flowed + 1e-6


def test_the_bucket_says_how_long_to_wait_and_forgets_the_oldest() -> None:
    now = 0.0
    bucket = Bucket(1, 60, lambda: now, remembered=2)
    assert bucket.take("a") == 0
    assert bucket.take("a") == 60
    now = 60.0
    assert [bucket.take(one) for one in "abc"] == [0, 0, 0]
    assert len(bucket._left) == 2


def test_counts_are_prometheus_text() -> None:
    counts = Counts()
    counts.add("GET", "/api/objects", 200, 0.02)
    counts.add("GET", "/api/objects", 200, 20.0)
    text = "\n".join(counts.lines())
    assert 'tocsin_requests_total{method="GET",route="/api/objects",status="200"} 2' in text
    assert 'le="0.01"} 0' in text
    assert 'le="0.025"} 1' in text
    assert 'le="+Inf"} 2' in text
    assert 'tocsin_request_seconds_sum{route="/api/objects"} 20.020000' in text
