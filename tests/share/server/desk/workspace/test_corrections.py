"""What people corrected outlives the next publishing, is shown, and ends when it should."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import update

from share.server.conftest import Site
from share.server.desk.workspace.test_publishing import put, tables
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.database import objects
from tocsin.share.server.database.tables import acts
from tocsin.share.server.desk.changing import as_bytes, delete, mark, release, replace_payload
from tocsin.share.server.desk.workspace.corrections import (
    corrections_of,
    end_corrections,
)
from tocsin.share.server.desk.workspace.publishing import publish
from tocsin.share.server.neighbours.proposals import accept, propose

GREEN = Marking("GREEN", "Health")


def newest(site: Site, type: str = "warning") -> tuple[str, dict[str, Any]]:
    site.account("Ben", "Interior")
    (one,) = (
        one for one in site.client("Ben").get("/api/objects").json()["objects"]
        if one["type"] == type
    )  # fmt: skip
    return one["id"], one["payload"]


def correct(site: Site, type: str = "warning", **parts: Any) -> str:
    """Somebody else proposes other parts, and the owner's analyst accepts them."""
    id, payload = newest(site, type)
    asker, owner = site.account("Ben", "Interior").reader, site.account("Ama").reader
    with site.database.writing() as connection:
        asked = propose(
            site.database, connection, asker, id, as_bytes(payload | parts), reason="so it is"
        )
        accept(site.database, connection, owner, asked.id)
    return id


def shown(site: Site, id: str, name: str = "Ben") -> dict[str, tuple[str, str]]:
    reader = site.account(name, "Interior").reader
    with site.database.reading() as connection:
        kept = objects.newest(connection, id)
        assert kept is not None
        found = corrections_of(site.database, connection, reader, kept)
    return {one.name: (one.here, one.workspace) for one in found}


def test_an_accepted_correction_outlives_publishing_and_is_told(site: Site) -> None:
    put(site)
    id = correct(site, sentence="at least 30")
    done = put(site)
    assert (done.written, dict(done.corrected)) == ({}, {id: ("sentence",)})
    assert newest(site)[1]["sentence"] == "at least 30"
    assert shown(site, id) == {"sentence": ('"at least 30"', '"at least 25"')}


def test_what_is_not_corrected_follows_the_workspace(site: Site) -> None:
    put(site)
    id = correct(site, sentence="at least 30", record={"hits": 21, "misses": 3, "false_alarms": 5,
                                                        "n": 900, "events": 23})  # fmt: skip
    anew = tables()
    anew["alerts"] = anew["alerts"].with_columns(probability=0.5)
    anew["alert_record"] = anew["alert_record"].with_columns(misses=4)
    done = publish(site.database, anew, {}, GREEN, gwnos=[432])
    told = newest(site)[1]
    assert (told["sentence"], told["probability"]) == ("at least 30", 0.5)
    assert (told["record"]["hits"], told["record"]["misses"]) == (21, 4)
    assert set(done.corrected[id]) == {"sentence", "record/hits"}
    again = publish(site.database, anew, {}, GREEN, gwnos=[432])
    assert (again.written, again.corrected) == ({}, done.corrected)


def test_a_correction_ends_where_the_workspace_says_the_same(site: Site) -> None:
    put(site)
    id = correct(site, sentence="at least 30")
    agreed, later = tables(), tables()
    agreed["alert_rules"] = agreed["alert_rules"].with_columns(sentence=json_text("at least 30"))
    assert publish(site.database, agreed, {}, GREEN, gwnos=[432]).corrected == {}
    assert shown(site, id) == {}
    later["alert_rules"] = later["alert_rules"].with_columns(sentence=json_text("at least 40"))
    assert publish(site.database, later, {}, GREEN, gwnos=[432]).corrected == {}
    assert newest(site)[1]["sentence"] == "at least 40"


def json_text(text: str) -> Any:
    import polars as pl

    return pl.lit(text)


def test_no_correction_holds_back_a_level_that_rises(site: Site) -> None:
    put(site, level="advisory")
    id = correct(site, level="watch", sentence="at least 30")
    put(site, level="advisory")
    assert newest(site)[1]["level"] == "watch"
    put(site, level="emergency")
    told = newest(site)[1]
    assert (told["level"], told["sentence"]) == ("emergency", "at least 30")
    assert set(shown(site, id)) == {"sentence"}


def test_a_warning_that_was_corrected_ends_in_the_workspaces_words(site: Site) -> None:
    put(site)
    id = correct(site, sentence="at least 30")
    put(site, level="quiet")
    told = newest(site)[1]
    assert (told["level"], told["sentence"]) == ("none", "at least 30")
    assert shown(site, id) == {"sentence": ('"at least 30"', '"at least 25"')}
    assert put(site, level="quiet").written == {}


def test_one_month_of_a_forecast_is_corrected_and_no_other(site: Site) -> None:
    put(site)
    months = newest(site, "forecast")[1]["months"]
    id = correct(site, "forecast", months=[months[0] | {"p50": 2.0}])
    later = tables()
    row = later["forecasts"]
    later["forecasts"] = row.vstack(row.with_columns(month=row["month"].dt.offset_by("1mo")))
    done = publish(site.database, later, {}, GREEN, gwnos=[432])
    assert done.corrected[id] == ("months/2023-01-01/p50",)
    assert [one["p50"] for one in newest(site, "forecast")[1]["months"]] == [2.0, 1.0]


def test_what_people_deleted_stays_until_the_workspace_says_something_else(site: Site) -> None:
    put(site)
    id, _ = newest(site)
    ama = site.account("Ama")
    with site.database.writing() as connection:
        delete(site.database, connection, ama, id, "an error of the record")
    assert put(site).written == {}
    assert put(site, level="emergency").written == {"warning": 1}
    assert newest(site)[1]["level"] == "emergency"


def test_markings_and_releases_are_no_corrections(site: Site) -> None:
    put(site)
    id, _ = newest(site)
    ama = site.account("Ama")
    chief = site.account("Cleo", role="decision maker")
    with site.database.writing() as connection:
        groups = frozenset({"border"})
        strict = (Marking("AMBER", "Health", groups=groups),)
        mark(site.database, connection, ama, id, markings=strict, reason="not yet")
    assert put(site).corrected == {}
    with site.database.writing() as connection, pytest.raises(objects.NoObject):
        release(site.database, connection, chief, id, markings=(GREEN,), reason="it may go")


@pytest.mark.slow
def test_who_may_not_see_what_the_workspace_says_does_not_see_what_was_corrected(
    site: Site,
) -> None:
    """A release shows the newest version; what people took out of it before stays hidden."""
    publish(site.database, tables(), {}, Marking("AMBER", "Health"), gwnos=[432])
    ama, chief = site.account("Ama"), site.account("Cleo", role="decision maker")
    site.account("Ben", "Interior")
    (one,) = (
        one for one in site.client("Ama").get("/api/objects").json()["objects"]
        if one["type"] == "warning"
    )  # fmt: skip
    with site.database.writing() as connection:
        kept = objects.newest(connection, one["id"])
        assert kept is not None
        payload = one["payload"] | {"sentence": "a rule"}
        replace_payload(site.database, connection, ama, kept.id, payload, digest=kept.digest)
        release(site.database, connection, chief, kept.id, markings=(GREEN,), reason="it may go")
    assert shown(site, one["id"], "Ama") == {"sentence": ('"a rule"', '"at least 25"')}
    assert shown(site, one["id"], "Ben") == {}
    assert "at least 25" not in site.client("Ben").get(f"/warnings/{one['id']}").text


def test_the_owner_ends_corrections_on_the_page_and_others_do_not(site: Site) -> None:
    put(site)
    id = correct(site, sentence="at least 30")
    page = site.client("Ama").get(f"/warnings/{id}").text
    assert "What people corrected here" in page
    assert 'value="end"' in page
    assert 'value="end"' not in site.client("Ben").get(f"/warnings/{id}").text
    for name, status in (("Ben", 403), ("Ama", 303), ("Ama", 403)):
        sent = {"act": "end", "reason": "we were wrong"}
        assert site.client(name).post(f"/warnings/{id}", data=sent).status_code == status, name
    assert newest(site)[1]["sentence"] == "at least 25"
    assert put(site).corrected == {}
    with site.database.writing() as connection, pytest.raises(NotAllowed):
        end_corrections(site.database, connection, site.account("Ama"), id, reason="so")


def test_each_language_shows_what_was_corrected(site: Site) -> None:
    put(site)
    id = correct(site, sentence="at least 30")
    for language, words in (("fr", "corrigé ici"), ("ar", "صححه")):
        assert words in site.client("Ama").get(f"/warnings/{id}?lang={language}").text


def test_oversight_reads_that_a_correction_was_kept(site: Site) -> None:
    put(site)
    correct(site, sentence="at least 30")
    changed = tables()
    changed["alerts"] = changed["alerts"].with_columns(probability=0.5)
    publish(site.database, changed, {}, GREEN, gwnos=[432])
    site.account("Ora", "Health", "oversight")
    verbs = [one["verb"] for one in site.client("Ora").get("/api/acts").json()["acts"]]
    assert "uphold correction" in verbs


@pytest.mark.parametrize("now", [b'{"months": [1]}', b'{"months": {"a": 1}}', b'{"level": 7}'])
def test_whatever_was_accepted_publishing_goes_on(site: Site, now: bytes) -> None:
    put(site)
    id, _ = newest(site)
    owner = site.account("Ama").reader
    with site.database.writing() as connection:
        asked = propose(site.database, connection, owner, id, now, reason="why")
        accept(site.database, connection, owner, asked.id)
    put(site, level="emergency")
    assert newest(site)[1]["level"] == "emergency"


@pytest.mark.parametrize("now", [b"no JSON", b"[1]", b'"text"', b"[" * 9999])
def test_what_is_no_object_is_not_taken_over(site: Site, now: bytes) -> None:
    put(site)
    id, _ = newest(site)
    owner = site.account("Ama").reader
    with site.database.writing() as connection:
        asked = propose(site.database, connection, owner, id, now, reason="why")
        with pytest.raises(NotAllowed, match="no object"):
            accept(site.database, connection, owner, asked.id)


def test_an_old_database_without_acts_is_published_into_as_before(site: Site) -> None:
    put(site)
    correct(site, sentence="at least 30")
    with site.database.writing() as connection:
        connection.execute(update(acts).values(verb="other"))
    assert put(site).corrected == {}
    assert newest(site)[1]["sentence"] == "at least 25"


def test_a_correction_is_marked_no_laxer_than_what_the_workspace_says_now(site: Site) -> None:
    put(site)
    id = correct(site, sentence="at least 30")
    publish(site.database, tables(), {}, Marking("AMBER", "Health"), gwnos=[432])
    with site.database.reading() as connection:
        kept = objects.newest(connection, id)
        assert kept is not None
        from tocsin.share.server.database.audiences import audience_of

        strict = Audience.of(Marking("AMBER", "Health"))
        assert audience_of(connection, kept.audience).is_no_laxer_than(strict)
    assert json.loads(kept.payload)["sentence"] == "at least 30"
