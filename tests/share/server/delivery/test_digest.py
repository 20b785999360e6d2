"""Digests: one for each local day, in six time zones, over both changes of the clock."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from share.server.conftest import START, Site
from tocsin.errors import UsageError
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import NOBODY, reader
from tocsin.share.server.delivery.digest import (
    day_of,
    due_at,
    due_day,
    write_digest,
    zone_of,
)
from tocsin.share.server.web.language import LANGUAGES

ZONES = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo",
         "Asia/Kathmandu", "Africa/Bamako"]  # fmt: skip
"""Clocks that change by an hour, by half an hour, at midnight, and not at all."""


@given(st.sampled_from(ZONES), st.integers(0, 23), st.integers(0, 364))
def test_every_moment_belongs_to_one_digest(name: str, hour: int, number: int) -> None:
    zone, day = zone_of(name), date(2026, 1, 1) + timedelta(days=number)
    begins, ends = due_at(day - timedelta(days=1), hour, zone), due_at(day, hour, zone)
    assert timedelta(hours=23) <= ends - begins <= timedelta(hours=25)
    last = ends - timedelta(microseconds=1)
    assert day_of(begins, hour, zone) == day_of(last, hour, zone) == day
    assert day_of(ends, hour, zone) == day + timedelta(days=1)


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("hour", [2, 7])
def test_one_digest_a_day_over_a_year_asked_every_ten_minutes_near_changes(
    name: str, hour: int
) -> None:
    zone, last, sent = zone_of(name), None, []
    for first in (date(2026, 3, 6), date(2026, 3, 27), date(2026, 4, 3), date(2026, 4, 22),
                  date(2026, 10, 23), date(2026, 10, 29)):  # fmt: skip
        now, last = datetime(first.year, first.month, first.day, tzinfo=UTC), None
        sent = []
        for _ in range(5 * 144):
            day = due_day(last, now, hour, zone)
            if day is not None:
                sent.append(day)
                if last is not None:
                    assert timedelta(0) <= now - due_at(day, hour, zone) < timedelta(minutes=10)
                last = day
            now += timedelta(minutes=10)
        assert sent == [sent[0] + timedelta(days=n) for n in range(len(sent))]
        assert len(sent) in (5, 6)


def test_after_a_standstill_there_is_one() -> None:
    zone = zone_of("Europe/Paris")
    now = datetime(2026, 11, 26, 8, tzinfo=UTC)
    assert due_day(date(2026, 11, 1), now, 7, zone) == date(2026, 11, 26)
    assert due_day(date(2026, 11, 26), now, 7, zone) is None


def test_it_holds_what_the_reader_may_see_and_every_time_has_its_zone(site: Site) -> None:
    told = {"territory": "Mali", "level": "warning", "probability": 0.62, "sentence": "deaths rise",
            "record": {"hits": 3, "misses": 1, "false_alarms": 2}}  # fmt: skip
    site.put("warning--1", "CLEAR", payload=json.dumps(told).encode())
    site.put("warning--2", "AMBER", payload=json.dumps(told | {"territory": "Chad"}).encode())
    site.put("note--3", "CLEAR", payload=b"[]")
    zone = zone_of("Asia/Kathmandu")
    day = day_of(START, 7, zone)
    with site.database.reading() as connection:
        text = write_digest(site.database, connection, NOBODY, day, zone=zone)
    assert text.startswith("Warnings from 2026-11-26 07:00 (UTC+05:45) to 2026-11-27 07:00")
    assert "- Mali: warning, 62%\n  Rule: deaths rise\n" in text
    assert "hits 3, misses 1, false alarms 2" in text
    assert "From Health, 2026-11-26 13:45 (UTC+05:45)" in text
    assert "Chad" not in text
    with site.database.reading() as connection:
        empty = write_digest(site.database, connection, NOBODY, day + timedelta(days=1), zone=zone)
    assert "Nothing was added or changed." in empty


@pytest.mark.parametrize("level", ["AMBER", "AMBER+STRICT", "RED"])
def test_what_is_marked_for_few_is_counted_and_not_mailed(site: Site, level: str) -> None:
    payload = json.dumps({"territory": "Mali", "level": "warning"}).encode()
    marking = Marking(level, "Health", readers=frozenset({"ana"}))
    site.put("warning--1", audience=Audience.of(marking), payload=payload)
    zone = zone_of("Africa/Bamako")
    own = reader("ana", "Health", "analyst")
    with site.database.reading() as connection:
        text = write_digest(site.database, connection, own, day_of(START, 7, zone), zone=zone)
    assert ("Mali" in text) == (level == "AMBER")
    assert ("not told by mail: 1." in text) == (level != "AMBER")
    assert text.splitlines()[0].endswith(": 1")


CHANGES = {
    "Europe/Paris": [
        ("2026-03-29", "+01:00", "+02:00", 23), ("2026-10-25", "+02:00", "+01:00", 25),
    ],
    "America/New_York": [
        ("2026-03-08", "-05:00", "-04:00", 23), ("2026-11-01", "-04:00", "-05:00", 25),
    ],
    "Australia/Lord_Howe": [
        ("2026-04-05", "+11:00", "+10:30", 24.5), ("2026-10-04", "+10:30", "+11:00", 23.5),
    ],
    "Africa/Cairo": [
        ("2026-04-24", "+02:00", "+03:00", 23), ("2026-10-30", "+03:00", "+02:00", 25),
    ],
    "Asia/Kathmandu": [
        ("2026-03-29", "+05:45", "+05:45", 24), ("2026-10-25", "+05:45", "+05:45", 24),
    ],
    "Africa/Bamako": [
        ("2026-03-29", "+00:00", "+00:00", 24), ("2026-10-25", "+00:00", "+00:00", 24),
    ],
}  # fmt: skip
"""For each zone the days of 2026 on which its clock changes, the differences from UTC before and
after, and the hours of that day's digest, from noon to noon. Two zones keep their clocks."""
TABLE = [(zone, *change) for zone, changes in CHANGES.items() for change in changes]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_digest_over_each_change_of_the_clock(site: Site, language: str) -> None:
    for name, day, before, after, hours in TABLE:
        zone, last = zone_of(name), date.fromisoformat(day)
        begins, ends = due_at(last - timedelta(days=1), 12, zone), due_at(last, 12, zone)
        assert (ends - begins).total_seconds() == hours * 3600, (name, day)
        with site.database.reading() as connection:
            text = write_digest(
                site.database, connection, NOBODY, last, hour=12, zone=zone, language=language
            )
        first = text.splitlines()[0]
        assert f"{last - timedelta(days=1)} 12:00 (UTC{before})" in first, (name, day)
        assert f"{last} 12:00 (UTC{after})" in first, (name, day)


def test_each_language_says_what_is_out_of_date_and_keeps_the_order_of_signs(site: Site) -> None:
    told = {"level": "warning", "probability": 0.62, "sentence": "deaths rise",
            "months": {"first": "2026-08", "last": "2026-10"}}  # fmt: skip
    site.put("warning--1", "CLEAR", jurisdiction="TCD", payload=json.dumps(told).encode())
    zone = zone_of("Asia/Kathmandu")
    expected = {
        "en": "- Chad: warning, 62%, August 2026 – October 2026 (out of date)",
        "fr": "- Tchad: alerte, 62\u00a0%, août 2026 – octobre 2026 (périmée)",
        "ar": "- تشاد: إنذار, 62٪, أغسطس 2026 – أكتوبر 2026 (قديم)",
    }
    for language, line in expected.items():
        with site.database.reading() as connection:
            text = write_digest(
                site.database, connection, NOBODY, day_of(START, 7, zone), zone=zone,
                language=language,
            )  # fmt: skip
        assert line in text.splitlines()
        assert ("\u20662026-11-26 13:45 (UTC+05:45)\u2069" in text) == (language == "ar")


def test_what_is_no_zone() -> None:
    for name in ("Mars/Base", "../etc/passwd", ""):
        with pytest.raises(UsageError, match="no time zone"):
            zone_of(name)


def test_what_is_played_is_marked_so(site: Site) -> None:
    site.put("warning--1", "CLEAR", payload=b'{"territory": "Mali"}', exercise=True)
    site.put("warning--2", "CLEAR", payload=b'{"territory": "Chad"}')
    zone = zone_of("UTC")
    with site.database.reading() as connection:
        text = write_digest(site.database, connection, NOBODY, day_of(START, 7, zone), zone=zone)
    assert text.startswith("EXERCISE: what is marked so below is not real.")
    assert "- EXERCISE – Mali" in text
    assert "- Chad" in text
