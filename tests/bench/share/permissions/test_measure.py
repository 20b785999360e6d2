"""Nothing hidden shows; and the measure finds what does, where the server is made to leak."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tocsin.bench.share.permissions import measure
from tocsin.bench.share.permissions.measure import measure_permissions
from tocsin.bench.share.permissions.world import LIKE, PUBLIC
from tocsin.share.server.access import decision
from tocsin.share.server.access.marking import Marking
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.accounts.secrets import digest
from tocsin.share.server.database.tables import objects
from tocsin.share.server.desk import alike, reports
from tocsin.share.server.desk.said import read_incident


@pytest.mark.slow
def test_nothing_hidden_shows_at_any_place() -> None:
    found = measure_permissions(askers=3, markings=5, probed=2, seed=3)
    assert (found["leaks"], found["withheld"]) == (0, 0), found["worst"]
    assert found["shows"] == 3 * 5 * 9 * found["places"]["shows"]
    assert found["tells"] > 50


@pytest.mark.release
def test_a_hundred_thousand_cases_show_nothing_hidden() -> None:
    found = measure_permissions(askers=30, markings=20, probed=20, seed=1)
    assert (found["leaks"], found["withheld"]) == (0, 0), found["worst"]
    assert found["cases"] > 100_000


@pytest.mark.release
def test_a_level_that_is_read_too_freely_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    right = decision._level_allows

    def free(marking: Marking, reader: Reader) -> bool:
        return right(marking, reader) or (marking.level == "AMBER+STRICT" and reader.known)

    monkeypatch.setattr(decision, "_level_allows", free)
    found = measure_permissions(askers=6, markings=20, probed=4)
    assert found["leaks"] > 0
    assert all("AMBER+STRICT" in one for one in found["worst"])


@pytest.mark.release
def test_a_key_that_another_organisation_used_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "_own", lambda _signed, key: digest(key))
    found = measure_permissions(askers=8, markings=10, probed=4)
    assert found["leaks"] > 0
    assert all(one.startswith("keys of a report") for one in found["worst"])


def test_places_are_asked_that_exist() -> None:
    assert {path for _, path, _ in measure.PROBES.values()} >= {"/incidents/{id}"}
    assert f"/warnings/{PUBLIC}/incidents" in measure.PAGES.values()
    assert {f"/incidents/{LIKE}/alike", "/map"} <= set(measure.PAGES.values())


@pytest.mark.slow
def test_similar_cases_of_hidden_incidents_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """As TheHive showed similar cases of other organisations: here the reader is left out."""

    def all_of_them(database: Any, connection: Any, _signed: Any) -> Any:
        query = select(objects).where(objects.c.newest, objects.c.type == "incident")
        return [(row, read_incident(row.payload)) for row in connection.execute(query).all()]

    monkeypatch.setattr(alike, "list_seen", all_of_them)
    found = measure_permissions(askers=3, markings=8, probed=1)
    assert found["leaks"] > 0
    assert all(one.startswith("similar cases") for one in found["worst"])
