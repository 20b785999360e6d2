"""The alerts that stand, in open forms that partners' systems read: GeoJSON, HXL, Atom and RSS."""

from __future__ import annotations

import json
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import polars as pl

from tocsin.schema.days.periods import month_after
from tocsin.schema.geography.shapes import shapes
from tocsin.schema.geography.territory import alpha2
from tocsin.schema.settings import Settings
from tocsin.schema.spreadsheet import inert
from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS
from tocsin.share.facts.words import chance, deaths_meant

ATOM = "http://www.w3.org/2005/Atom"
HXL = {
    "territory": "#country+name",
    "iso2": "#country+code+v_iso2",
    "rule": "#event+name",
    "sentence": "#event+description",
    "level": "#severity",
    "probability": "#indicator+probability+num",
    "data_to": "#date+reported",
    "since": "#date+start",
    "until": "#date+end",
    "record": "#meta+record",
    "counts": "#event+description+counts",
}
"""Hashtags of the Humanitarian Exchange Language 1.1 by column."""


def standing_alerts(tables: Mapping[str, pl.DataFrame], settings: Settings) -> list[dict[str, Any]]:
    """List the alerts of the region that are raised or watched, each with its rule's record.

    Args:
        tables: `alerts`, `alert_rules` and `alert_record`.
        settings: of which the region is used.

    Returns:
        A dict an alert, the highest level first: `territory, gwno, iso2, rule, sentence`; `counts`,
        which deaths the rule counts (a sentence, or empty); `level, probability, data_to` (the last
        day of the data's last month), `since` (the first day of a month), `until` (the last day of
        the months that it speaks of) and `record` (in words).
    """
    rules = {row["rule"]: row for row in tables["alert_rules"].to_dicts()}
    here = pl.col("gwno").is_in(settings.region.gwnos)
    rows = [
        {
            "territory": row["territory"],
            "gwno": row["gwno"],
            "iso2": alpha2(row["gwno"]) or "",
            "rule": row["rule"],
            "sentence": rules[row["rule"]]["sentence"],
            "counts": deaths_meant(rules[row["rule"]].get("kind", ""), settings.target),
            "level": row["level"],
            "probability": round(row["probability"], 4),
            "data_to": last_day(row["origin"], 0),
            "since": row["since"],
            "until": last_day(row["origin"], rules[row["rule"]]["within"]),
            "record": _record(tables["alert_record"], row["rule"]),
        }
        for row in tables["alerts"].filter(here).to_dicts()
        if row["level"] in ALERT_LEVELS[1:]
    ]
    return sorted(
        rows,
        key=lambda row: (-ALERT_LEVELS.index(row["level"]), -row["probability"], row["territory"]),
    )


def months_of(row: Mapping[str, Any]) -> str:
    """Name the months that an alert speaks of, as `standing_alerts` gives it."""
    first, last = month_after(row["data_to"], 1), row["until"]
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B %Y}"
    return f"{first:%B %Y} to {last:%B %Y}"


def over(row: Mapping[str, Any], made: date) -> str:
    """Say that the months of an alert are over on a day, where they are."""
    return " These months are over: no newer data were read." if row["until"] < made else ""


def last_day(origin: date, within: int) -> date:
    """Give the last day of the months that a rule speaks of; of the data, where `within` is 0.

    >>> last_day(date(2022, 12, 1), 0)
    datetime.date(2022, 12, 31)
    """
    return month_after(origin, within + 1) - timedelta(days=1)


def _record(record: pl.DataFrame, rule: str) -> str:
    """How the rule did so far; an alert is not passed on without it."""
    seen = record.filter(pl.col("rule") == rule, pl.col("window") == "all").to_dicts()
    if not seen:
        return "no record yet"
    one = seen[0]
    return f"hits {one['hits']}, misses {one['misses']}, false alarms {one['false_alarms']}"


def geojson(tables: Mapping[str, pl.DataFrame], settings: Settings) -> bytes:
    """Write the alerts that stand as GeoJSON (RFC 7946), on the shapes of whole territories.

    Args:
        tables: as `standing_alerts` takes them.
        settings: of which the region is used.

    Returns:
        A FeatureCollection in UTF-8, a feature an alert. A territory without a shape has a null
        geometry.
    """
    found = []
    for row in standing_alerts(tables, settings):
        drawn = shapes([row["gwno"]])["features"]
        found.append(
            {
                "type": "Feature",
                "geometry": drawn[0]["geometry"] if drawn else None,
                "properties": {key: _plain(value) for key, value in row.items()},
            }
        )
    whole = {"type": "FeatureCollection", "features": found}
    return (json.dumps(whole, ensure_ascii=False) + "\n").encode()


def hxl(tables: Mapping[str, pl.DataFrame], settings: Settings) -> bytes:
    """Write the alerts that stand as CSV with a row of HXL hashtags below the header.

    Args:
        tables: as `standing_alerts` takes them.
        settings: of which the region is used.

    Returns:
        CSV in UTF-8, safe to open in a spreadsheet.
    """
    rows = [
        {key: str(_plain(row[key])) for key in HXL} for row in standing_alerts(tables, settings)
    ]
    body = inert(pl.DataFrame(rows, schema=dict.fromkeys(HXL, pl.String)))
    # The tags begin with a number sign, which no spreadsheet runs.
    header = ",".join(HXL) + "\n" + ",".join(HXL.values()) + "\n"
    return header.encode() + body.write_csv(include_header=False).encode()


def atom(tables: Mapping[str, pl.DataFrame], settings: Settings, made: date) -> bytes:
    """Write the alerts that stand as an Atom feed (RFC 4287).

    Args:
        tables: as `standing_alerts` takes them.
        settings: of which the region is used.
        made: the day on which the feed is made.

    Returns:
        The feed in UTF-8. An entry keeps its identifier while its rule stands in its territory;
        it is marked as updated at the end of the data that it rests on.
    """
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    name = settings.region.name
    stamp = f"{datetime(made.year, made.month, made.day, tzinfo=UTC):%Y-%m-%dT%H:%M:%SZ}"
    _texts(feed, id=_urn(name), title=f"Early warning: {name}", updated=stamp)
    author = ET.SubElement(feed, f"{{{ATOM}}}author")
    _texts(author, name="tocsin")
    for row in standing_alerts(tables, settings):
        entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
        percent = chance(row["probability"])
        _texts(
            entry,
            id=_urn(f"{name}/{row['rule']}/{row['gwno']}"),
            title=f"{row['territory']}: {row['level']} ({row['rule']}), {percent}",
            updated=f"{_plain(row['data_to'])}T00:00:00Z",
            content=_alert_text(row, made),
        )
    ET.indent(feed)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def rss(tables: Mapping[str, pl.DataFrame], settings: Settings, made: date) -> bytes:
    """Write the alerts that stand as a feed of RSS 2.0.

    Args:
        tables: as `standing_alerts` takes them.
        settings: of which the region is used.
        made: the day on which the feed is made.

    Returns:
        The feed in UTF-8. An item has the identifier of the entry in the Atom feed.
    """
    whole = ET.Element("rss", version="2.0")
    channel = ET.SubElement(whole, "channel")
    name = settings.region.name
    told = {
        "title": f"Early warning: {name}",
        "link": _urn(name),
        "description": "Alerts that stand, each with the record of its rule.",
        "lastBuildDate": _rfc822(made),
    }
    for tag, text in told.items():
        ET.SubElement(channel, tag).text = text
    for row in standing_alerts(tables, settings):
        item = ET.SubElement(channel, "item")
        percent = chance(row["probability"])
        title = f"{row['territory']}: {row['level']} ({row['rule']}), {percent}"
        ET.SubElement(item, "title").text = title
        ET.SubElement(item, "description").text = _alert_text(row, made)
        guid = ET.SubElement(item, "guid", isPermaLink="false")
        guid.text = _urn(f"{name}/{row['rule']}/{row['gwno']}")
        ET.SubElement(item, "pubDate").text = _rfc822(row["data_to"])
    ET.indent(whole)
    written: bytes = ET.tostring(whole, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _rfc822(day: date) -> str:
    return format_datetime(datetime(day.year, day.month, day.day, tzinfo=UTC))


def _alert_text(row: Mapping[str, Any], made: date) -> str:
    """What a feed says of an alert, and until when that holds."""
    return (
        f"Rule: {row['sentence']}. {row['counts'] and row['counts'] + ' '}"
        f"Probability {chance(row['probability'])} for {months_of(row)}, "
        f"from data to {row['data_to']:%B %Y}; at this level since {row['since']:%B %Y}."
        f"{over(row, made)} Record of the rule: {row['record']}."
    )


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'tocsin:' + name)}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
