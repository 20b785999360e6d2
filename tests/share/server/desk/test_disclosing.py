"""The report for the public: public decisions and their reasons, the rest counted, nobody named."""

from __future__ import annotations

import json
from datetime import date

from share.server.conftest import Hands, Site
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.desk.disclosing import disclose
from tocsin.share.server.desk.workspace.corrections import put_published
from tocsin.share.stix.original import STIX

WHY = "it concerns everybody"
TODAY = date(2026, 11, 26)


def report(site: Site, *days: date) -> dict[str, object]:
    with site.database.reading() as connection:
        return disclose(connection, *(days or (TODAY, TODAY)))


def test_the_public_reads_decisions_on_what_is_public_and_no_more(site: Site, hands: Hands) -> None:
    site.account("Dia", role="decision maker")
    dia = site.client("Dia")
    site.put("warning--1", "AMBER")
    site.put("warning--2", "AMBER")
    for id in ("warning--1", "warning--2"):
        dia.get(f"/api/objects/{id}")
        dia.post(f"/warnings/{id}", data={"act": "escalate", "reason": f"{id} is grave"})
    told = {"markings": [{"level": "CLEAR"}], "reason": WHY}
    assert dia.post("/api/objects/warning--1/release", json=told).status_code == 200
    # How far another organisation is with it stays its own matter; what it replies is public.
    site.account("Pat", "Interior", "partner")
    for form in ({"act": "acknowledge"}, {"act": "reply", "reason": "not so"}):
        assert site.client("Pat").post("/warnings/warning--1", data=form).status_code == 303
    found = report(site)
    decisions = found["decisions"]
    assert isinstance(decisions, list)
    assert [(one["act"], one["reason"]) for one in decisions] == [
        ("escalate", "warning--1 is grave"), ("release", WHY), ("propose", "not so"),
    ]  # fmt: skip
    assert found["redacted"] == {"acknowledge": 1, "escalate": 1}
    text = json.dumps(found)
    assert not any(word in text for word in ("Dia", "Pat", "warning--2"))
    # Hidden objects change nothing but counts, and a day on which nothing was done is empty.
    hands.move(days=2)
    again = report(site, date(2026, 11, 27), date(2026, 11, 27))
    assert (again["decisions"], again["redacted"], again["other_acts"]) == ([], {}, {})


def test_the_public_reads_what_a_warning_is_about_and_counts_of_parts(site: Site) -> None:
    """An identifier says nothing to who was not there, and hundreds of parts hide the warnings."""
    said = {"territory": "Mali", "level": "warning", "sentence": "at least 25 deaths",
            "probability": 0.9996, "months": {"first": "2026-12", "last": "2027-02"}}  # fmt: skip
    clear = Audience.of(Marking("CLEAR", "Health"))
    with site.database.writing() as connection:
        for kind in ("warning", "incident", "report", "forecast"):
            media = STIX if kind == "report" else "application/json"
            content = json.dumps(said).encode()
            draft = Draft(f"{kind}--1", kind, "Health", clear, content, media_type=media)
            put_published(site.database, connection, draft)
    site.account("Pat", "Interior", "partner")
    form = {"act": "reply", "reason": "not so"}
    assert site.client("Pat").post("/warnings/warning--1", data=form).status_code == 303
    found = report(site)
    decisions = found["decisions"]
    assert isinstance(decisions, list)
    reply = decisions.pop()
    assert (reply["act"], reply["about"][:4]) == ("propose", "Mali")
    assert {one["object"]: one["about"] for one in decisions} == {
        "forecast--1": "Mali",
        "warning--1": "Mali: warning, at least 25 deaths, estimated probability over 99%, "
        "for 2026-12 to 2027-02",
    }
    assert found["published"] == {"incident": 1, "report": 1}
