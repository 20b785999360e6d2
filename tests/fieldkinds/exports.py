"""Exports of offices and of lists of events, in the layouts that they have now."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from typing import Any

from fieldkinds.truth import Column, Event, Made, case, delimited, table, workbook

NO_POINT = ("day", "country", "dead")
NO_DEAD = ("day", "country", "point")


def _csv(name: str, told: list[Event], columns: dict[str, Column | float], sign: str = ",") -> Made:
    fixed = {key: one if callable(one) else str(one) for key, one in columns.items()}
    return name, delimited(table(told, fixed), sign)


@case("Afghanistan", fields=("day", "country", "dead", "point"))
def inso_incidents(told: list[Event]) -> Made:
    """An office's list of incidents near aid organisations."""
    return _csv("inso.csv", told, {
        "INSO Ref": lambda e: f"AFG-{e.id}", "Incident Date": lambda e: f"{e.day:%d-%b-%Y}",
        "Incident Time": "14:30", "Country": lambda e: e.country, "Province": lambda e: e.adm1,
        "District": lambda e: e.place, "Latitude": lambda e: e.north, "Longitude": lambda e: e.east,
        "Incident Type": "IED attack", "Actor": lambda e: e.group, "NGO Involved": "No",
        "Killed": lambda e: e.dead, "Injured": 0, "Abducted": 0})  # fmt: skip


@case(refuse="[Nn]o day|date|year|deliver|transfer|event")
def transfers_of_arms(told: list[Event]) -> Made:
    """A register of deliveries of arms tells of no events."""
    rows = [["Supplier", "Recipient", "Year of order", "Number ordered", "Weapon designation",
             "Weapon description", "Year(s) of delivery", "Number delivered", "Comments"],
            ["Russia", "Mali", "2020", "4", "Mi-171", "transport helicopter", "2021", "4", ""]]  # fmt: skip
    return "trade-register.csv", delimited(rows)  # type: ignore[arg-type]


@case(refuse="sum|aggregat|week|EVENTS|count")
def acled_weekly_sums(told: list[Event]) -> Made:
    """ACLED's sums by week and district since 2025 are no events."""
    return _csv("africa_aggregated.csv", told, {
        "WEEK": lambda e: e.day.isoformat(), "REGION": "Western Africa", "COUNTRY": lambda e: e.country,
        "ADMIN1": lambda e: e.adm1, "EVENT_TYPE": "Battles", "SUB_EVENT_TYPE": "Armed clash",
        "EVENTS": 3, "FATALITIES": lambda e: e.dead, "POPULATION_EXPOSURE": 12000,
        "DISORDER_TYPE": "Political violence", "ID": lambda e: e.id,
        "CENTROID_LATITUDE": lambda e: e.north, "CENTROID_LONGITUDE": lambda e: e.east})  # fmt: skip


@case()
def acled_layout_of_2025(told: list[Event]) -> Made:
    """Lower case, sub-events, exposure of people, both actors with their associates."""
    return _csv("acled.csv", told, {
        "event_id_cnty": lambda e: f"MLI{e.id[1:]}", "event_date": lambda e: e.day.isoformat(),
        "year": lambda e: e.day.year, "time_precision": 1, "disorder_type": "Political violence",
        "event_type": "Battles", "sub_event_type": "Armed clash", "actor1": lambda e: e.group,
        "assoc_actor_1": "", "inter1": "Rebel group", "actor2": "Military Forces of Mali (2021-)",
        "assoc_actor_2": "", "inter2": "State forces", "interaction": "State forces-Rebel group",
        "civilian_targeting": "", "iso": 466, "region": "Western Africa", "country": lambda e: e.country,
        "admin1": lambda e: e.adm1, "admin2": "", "admin3": "", "location": lambda e: e.place,
        "latitude": lambda e: e.north, "longitude": lambda e: e.east, "geo_precision": 1,
        "source": "Whatsapp", "source_scale": "Other", "notes": "Clash.", "fatalities": lambda e: e.dead,
        "tags": "", "population_1km": 10, "population_2km": 20, "population_5km": 30,
        "population_best": 20, "timestamp": 1735689600})  # fmt: skip


@case(fields=NO_POINT)
def rand_list(told: list[Event]) -> Made:
    """The list of RAND: short days, no points."""
    return _csv("rand.csv", told, {
        "Date": lambda e: f"{e.day.day}-{e.day:%b-%y}", "City": lambda e: e.place,
        "Country": lambda e: e.country, "Perpetrator": lambda e: e.group, "Weapon": "Explosives",
        "Injuries": 0, "Fatalities": lambda e: e.dead, "Description": "An attack."})  # fmt: skip


@case("Nigeria", kept={2: {"dead": None, "sure": True}})
def scad_events(told: list[Event]) -> Made:
    """Social conflict in Africa: −99 is not known, and a day is told twice over."""
    dead = {2: -99}
    rows = table(told, {
        "eventid": lambda e: f"475{e.id[1:]}", "ccode": "475", "countryname": lambda e: e.country,
        "startdate": lambda e: f"{e.day:%d-%b-%Y}", "enddate": lambda e: f"{e.day:%d-%b-%Y}",
        "duration": "1", "stday": lambda e: e.day.day, "stmo": lambda e: e.day.month,
        "styr": lambda e: e.day.year, "eday": lambda e: e.day.day, "emo": lambda e: e.day.month,
        "eyr": lambda e: e.day.year, "etype": "9", "escalation": "0", "actor1": lambda e: e.group,
        "target1": "civilians", "ndeath": lambda e: e.dead, "repress": "0", "elocal": lambda e: e.place,
        "latitude": lambda e: e.north, "longitude": lambda e: e.east, "issuenote": ""})  # fmt: skip
    at = rows[0].index("ndeath")
    for number, value in dead.items():
        rows[number + 1][at] = value
    return "SCAD.csv", delimited(rows)


@case("Sudan", fields=NO_POINT)
def pitf_atrocities(told: list[Event]) -> Made:
    """Days in three columns, places in degrees, minutes and seconds of their own columns."""
    return _csv("pitf.csv", told, {
        "Event Type": "Incident", "Campaign Identifier": "", "Start Day": lambda e: e.day.day,
        "Start Month": lambda e: e.day.month, "Start Year": lambda e: e.day.year,
        "End Day": lambda e: e.day.day, "End Month": lambda e: e.day.month,
        "End Year": lambda e: e.day.year, "Country": "SDN", "Location": lambda e: e.place,
        "Deaths Number": lambda e: e.dead, "Injured Number": 0, "Perpetrator State Role": "",
        "Latitude: Degrees": lambda e: int(e.north), "Latitude: Minutes": lambda e: int(e.north % 1 * 60),
        "Longitude: Degrees": lambda e: int(e.east), "Longitude: Minutes": lambda e: int(e.east % 1 * 60),
        "Comments": ""})  # fmt: skip


@case("Somalia")
def aid_workers(told: list[Event]) -> Made:
    """Aid workers killed: a year, a month and a day apart, and parts beside a total."""
    return _csv("security_incidents.csv", told, {
        "Incident ID": lambda e: e.id, "Year": lambda e: e.day.year, "Month": lambda e: e.day.month,
        "Day": lambda e: e.day.day, "Country Code": "SO", "Country": lambda e: e.country,
        "Region": lambda e: e.adm1, "City": lambda e: e.place, "UN": 0, "INGO": 1,
        "Nationals killed": lambda e: e.dead, "Nationals wounded": 0, "Internationals killed": 0,
        "Total killed": lambda e: e.dead, "Total wounded": 0, "Latitude": lambda e: e.north,
        "Longitude": lambda e: e.east, "Actor type": "Non-state armed group",
        "Actor name": lambda e: e.group, "Details": ""})  # fmt: skip


@case(fields=NO_DEAD, either="death|kill|count")
def event_coding(told: list[Event]) -> Made:
    """Machine-coded events with intensities and no deaths."""
    return _csv("events.2024.tab", told, {
        "Event ID": lambda e: e.id, "Event Date": lambda e: e.day.isoformat(),
        "Source Name": lambda e: e.group, "Event Text": "Use conventional military force",
        "CAMEO Code": "190", "Intensity": -10.0, "Target Name": "Civilian (Mali)", "Story ID": 1,
        "City": lambda e: e.place, "Country": lambda e: e.country, "Latitude": lambda e: e.north,
        "Longitude": lambda e: e.east}, "\t")  # fmt: skip


@case("Iran", fields=NO_DEAD)
def civilian_harm_archive(told: list[Event]) -> Made:
    """An archive that gives a least and a greatest count and no best one."""
    return _csv("archive.csv", told, {
        "Unique Reference Code": lambda e: e.id, "Incident Date": lambda e: f"{e.day:%B %d, %Y}",
        "Country": lambda e: e.country, "Location": lambda e: e.place, "Belligerent": lambda e: e.group,
        "Civilian deaths (minimum)": lambda e: e.dead, "Civilian deaths (maximum)": lambda e: e.dead + 3,
        "Latitude": lambda e: e.north, "Longitude": lambda e: e.east})  # fmt: skip


@case("Pakistan", fields=("day", "country"))
def killed_by_side(told: list[Event]) -> Made:
    """Three columns of dead by side, no total."""
    return _csv("timeline.csv", told, {
        "Date": lambda e: e.day.isoformat(), "Country": lambda e: e.country, "Province": lambda e: e.adm1,
        "Place": lambda e: e.place, "Civilians killed": lambda e: e.dead,
        "Security forces killed": 0, "Insurgents killed": 1, "Incident": "Attack."})  # fmt: skip


@case(fields=NO_DEAD, either="death|kill|count")
def access_incidents(told: list[Event]) -> Made:
    """Incidents of humanitarian access: none is killed in any."""
    return _csv("access.csv", told, {
        "Incident No": lambda e: e.id, "Date of incident": lambda e: f"{e.day:%d/%m/%Y}",
        "Country": lambda e: e.country, "Admin1": lambda e: e.adm1, "Admin2": lambda e: e.place,
        "Category": "Interference", "Organisation affected": "INGO", "Lat": lambda e: e.north,
        "Long": lambda e: e.east})  # fmt: skip


@case("Ethiopia", fields=NO_DEAD)
def attacks_on_schools(told: list[Event]) -> Made:
    """Several kinds of people killed, none of which is all."""
    return _csv("education.csv", told, {
        "Date": lambda e: e.day.isoformat(), "Event Description": "School hit.", "Country": lambda e: e.country,
        "Country ISO": "ETH", "Admin 1": lambda e: e.adm1, "Latitude": lambda e: e.north,
        "Longitude": lambda e: e.east, "Geo Precision": "(1) precise",
        "Reported Perpetrator Name": lambda e: e.group, "Students Killed": lambda e: e.dead,
        "Educators Killed": 0, "Attacks on Schools": 1, "SiND Event ID": lambda e: e.id})  # fmt: skip


@case(refuse="forecast|predict|model")
def views_cells(told: list[Event]) -> Made:
    """A model's predictions by cell and month."""
    rows = [["pg_id", "month_id", "country_id", "isoab", "year", "month", "row", "col", "lat", "lon",
             "main_mean", "main_mean_ln", "main_dich"],
            [153000, 535, 50, "MLI", 2024, 7, 212, 360, 15.75, -0.25, 0.31, 0.27, 0.05]]  # fmt: skip
    return "fatalities003_2024_06_t01_pgm.csv", delimited(rows)  # type: ignore[arg-type]


@case(refuse="sum")
def hapi_table(told: list[Event]) -> Made:
    """The same sums as a table: events and deaths of a district and a month."""
    return _csv("hdx_hapi_conflict_event_mli.csv", told, {
        "location_code": "MLI", "has_hrp": "True", "in_gho": "True", "provider_admin1_name": lambda e: e.adm1,
        "admin1_code": "ML07", "admin1_name": lambda e: e.adm1, "admin2_code": "ML0701",
        "admin2_name": lambda e: e.place, "admin_level": 2, "event_type": "political_violence",
        "events": 2, "fatalities": lambda e: e.dead,
        "reference_period_start": lambda e: f"{e.day:%Y-%m}-01T00:00:00",
        "reference_period_end": lambda e: f"{e.day:%Y-%m}-28T23:59:59"})  # fmt: skip


@case()
def incidents_json_lines(told: list[Event]) -> Made:
    """One object a line."""
    lines = [json.dumps({"id": e.id, "date": e.day.isoformat(), "country": e.country, "place": e.place,
                         "latitude": e.north, "longitude": e.east, "actor": e.group, "killed": e.dead})
             for e in told]  # fmt: skip
    return "incidents.jsonl", "\n".join(lines) + "\n"


@case()
def incidents_json_nested(told: list[Event]) -> Made:
    """Objects within objects."""
    rows = [{"id": e.id, "when": {"date": e.day.isoformat()}, "harm": {"killed": e.dead},
             "where": {"country": e.country, "place": e.place, "latitude": e.north, "longitude": e.east},
             "actor": e.group} for e in told]  # fmt: skip
    return "incidents.json", json.dumps({"incidents": rows})


def _binary(name: str, head: bytes) -> None:
    def make(told: list[Event]) -> Made:
        content = head + b"\x00" * 400
        return name, gzip.compress(content) if name.endswith(".rds") else content

    make.__name__ = "saved_" + name.partition(".")[2]
    case(refuse=r"CSV|Excel|saved|statistic|read")(make)


_binary("events.dta", b"<stata_dta><header><release>118</release>")
_binary("events.rds", b"X\n\x00\x00\x00\x03\x00\x04\x02\x02")
_binary("events.sav", b"$FL2@(#) SPSS DATA FILE")
_binary("events.accdb", b"\x00\x01\x00\x00Standard ACE DB\x00")
_binary("events.mdb", b"\x00\x01\x00\x00Standard Jet DB\x00")
_binary("events.feather", b"FEA1")


@case("Mozambique", extra=2)
def power_bi(told: list[Event]) -> Made:
    """A table exported from a dashboard: its filters stand below it."""
    rows = table(told, {
        "Event": lambda e: e.id, "Date": lambda e: datetime(e.day.year, e.day.month, e.day.day),  # type: ignore[dict-item,return-value]
        "Country": lambda e: e.country, "Latitude": lambda e: e.north, "Longitude": lambda e: e.east,
        "Killed": lambda e: e.dead})  # fmt: skip
    rows += [[None] * 6, ["Applied filters:\nYear is 2024"], ["Country is Mozambique"]]
    return "data.xlsx", workbook({"Export": rows})


def _dressed(book: Any) -> None:
    sheet = book["Log"]
    for first in (2, 4, 6):
        sheet.merge_cells(start_row=first, end_row=first + 1, start_column=2, end_column=2)


@case("Kenya")
def country_merged_down(told: list[Event]) -> Made:
    """A cell with the country is merged over two rows."""
    rows = table(told, {
        "No": lambda e: e.id, "Country": lambda e: e.country, "Date": lambda e: e.day.isoformat(),
        "Lat": lambda e: e.north, "Lon": lambda e: e.east, "Deaths": lambda e: e.dead})  # fmt: skip
    return "log.xlsx", workbook({"Log": rows}, _dressed)
