"""Nothing that is sent makes a fault of the server, and the measures would say so if it did."""

from __future__ import annotations

import pytest

from scale import cases
from tocsin.bench.share import hostile
from tocsin.bench.share.hostile import measure_described, measure_uploads
from tocsin.share.server.desk import changing


@pytest.mark.slow
def test_no_broken_upload_makes_a_fault() -> None:
    found = measure_uploads(uploads=60, seed=1)
    assert found["upload_faults"] == 0, found["upload_worst"]
    assert found["taken"] < 60


@pytest.mark.slow
def test_a_fault_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object, **_more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(changing, "create", fail)
    monkeypatch.setattr(hostile, "break_body", lambda _draw, body: body)
    found = measure_uploads(uploads=20, seed=1)
    assert found["upload_faults"] >= len(found["upload_worst"]) > 0


@pytest.mark.slow
def test_nothing_that_fits_the_description_makes_a_fault() -> None:
    pytest.importorskip("schemathesis")
    found = measure_described(each=1, every=16)
    assert found["faults"] == 0, found["worst"]
    assert found["requests"] > 2


@pytest.mark.release
def test_fifty_thousand_broken_uploads_make_no_fault() -> None:
    found = measure_uploads(uploads=50_000, seed=2)
    assert found["upload_faults"] == 0, found["upload_worst"]


@pytest.mark.release
def test_much_that_fits_the_description_makes_no_fault() -> None:
    pytest.importorskip("schemathesis")
    each = cases(60, whole=200)
    found = measure_described(each=each)
    assert found["faults"] == 0, found["worst"]
    assert found["requests"] > 20 * each
