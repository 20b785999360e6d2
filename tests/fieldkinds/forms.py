"""Exports of forms and lists of offices: KoboToolbox, ODK, SurveyCTO, Google, SharePoint, others."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

from fieldkinds.truth import Cell, Column, Event, Made, case, delimited, named, table, workbook

Columns = dict[str, Column]


def _d(form: str) -> Callable[[Event], Cell]:
    return lambda e: e.day.strftime(form)


def _form(name: str, columns: Columns, country: str = "Mali", **answer: object) -> None:
    def make(told: list[Event]) -> Made:
        return f"{name}.csv", delimited(table(told, columns))

    case(country, **answer)(named(f"form_{name}", make))


NO_POINT = ("day", "country", "dead")
_form("kobo_groups", {
    "start": "2024-12-30T08:00:00.000+00:00", "end": "2024-12-30T08:10:00.000+00:00",
    "faits/quand/date_incident": _d("%Y-%m-%d"), "faits/lieu/pays": lambda e: e.country,
    "faits/lieu/gps": lambda e: f"{e.north} {e.east} 240.0 5.0",
    "_faits/lieu/gps_latitude": lambda e: e.north, "_faits/lieu/gps_longitude": lambda e: e.east,
    "bilan/nb_tues": lambda e: e.dead, "bilan/nb_blesses": "9", "_id": lambda e: e.id,
    "_uuid": lambda e: f"u-{e.id}", "_submission_time": "2024-12-30T08:11:00", "_index": "1",
})  # fmt: skip
_form("odk_central", {
    "SubmissionDate": "2024-12-30T08:11:00.000Z", "incident-date": _d("%Y-%m-%d"),
    "incident-country": lambda e: e.country, "incident-location-Latitude": lambda e: e.north,
    "incident-location-Longitude": lambda e: e.east, "incident-location-Altitude": "0",
    "incident-location-Accuracy": "0", "harm-killed": lambda e: e.dead,
    "meta-instanceID": lambda e: f"uuid:{e.id}", "KEY": lambda e: f"uuid:{e.id}",
    "SubmitterName": "office", "ReviewState": "approved", "FormVersion": "3",
})  # fmt: skip
_form("odk_rejected", {
    "SubmissionDate": "2024-12-30T08:11:00.000Z", "incident-date": _d("%Y-%m-%d"),
    "incident-country": lambda e: e.country, "harm-killed": lambda e: e.dead,
    "KEY": lambda e: f"uuid:{e.id}",
    "ReviewState": lambda e: "rejected" if e.id == "E2" else "approved",
}, fields=NO_POINT, rows={1: "reject|review"})  # fmt: skip
_form("surveycto", {
    "CompletionDate": "Dec 30, 2024 3:10:22 PM", "SubmissionDate": "Dec 30, 2024 3:11:00 PM",
    "starttime": "Dec 30, 2024 3:00:00 PM", "incident_date": lambda e: f"{e.day:%b} {e.day.day}, {e.day.year}",
    "country": lambda e: e.country, "gps-Latitude": lambda e: e.north, "gps-Longitude": lambda e: e.east,
    "n_killed": lambda e: e.dead, "instanceID": lambda e: f"uuid:{e.id}",
    "formdef_version": "2412", "KEY": lambda e: f"uuid:{e.id}",
})  # fmt: skip
_form("google_french", {
    "Horodateur": "30/12/2024 08:11:00", "Date de l'incident": _d("%d/%m/%Y"), "Pays": lambda e: e.country,
    "Dans quelle localité ?": lambda e: e.place, "Combien de personnes ont été tuées ?": lambda e: e.dead,
}, fields=(*NO_POINT, "place"))  # fmt: skip
_form("google_spanish", {
    "Marca temporal": "30/12/2024 8:11:00", "¿Cuándo ocurrió?": _d("%d/%m/%Y"),
    "País": lambda e: e.country, "¿En qué municipio?": lambda e: e.place,
    "¿Cuántas personas murieron?": lambda e: e.dead,
}, "Colombia", fields=NO_POINT)  # fmt: skip
_form("google_portuguese", {
    "Carimbo de data/hora": "2024/12/30 8:11:00 AM GMT+2", "Data da ocorrência": _d("%d/%m/%Y"),
    "País": "Moçambique", "Quantas pessoas morreram?": lambda e: e.dead,
}, "Mozambique", fields=NO_POINT)  # fmt: skip
_form("google_arabic", {
    "طابع زمني": "30/12/2024 08:11:00", "تاريخ الحادث": _d("%d/%m/%Y"), "البلد": "السودان",
    "كم عدد القتلى؟": lambda e: e.dead,
}, "Sudan", fields=NO_POINT)  # fmt: skip
_form("google_indonesian", {
    "Stempel waktu": "30/12/2024 8:11:00", "Tanggal kejadian": _d("%d/%m/%Y"), "Negara": "Indonesia",
    "Jumlah korban tewas": lambda e: e.dead,
}, "Indonesia", fields=NO_POINT)  # fmt: skip
_form("google_turkish", {
    "Zaman damgası": "30.12.2024 08:11:00", "Olay tarihi": _d("%d.%m.%Y"), "Ülke": "Türkiye",
    "Ölü sayısı": lambda e: e.dead,
}, "Turkey", fields=NO_POINT)  # fmt: skip
_form("google_russian", {
    "Отметка времени": "30.12.2024 8:11:00", "Дата инцидента": _d("%d.%m.%Y"), "Страна": "Украина",
    "Число погибших": lambda e: e.dead,
}, "Ukraine", fields=NO_POINT)  # fmt: skip
_form("google_swahili", {
    "Timestamp": "30/12/2024 8:11:00", "Tarehe ya tukio": _d("%d/%m/%Y"), "Nchi": "Kenya",
    "Idadi ya waliouawa": lambda e: e.dead,
}, "Kenya", fields=NO_POINT)  # fmt: skip
_form("google_creole", {
    "Timestamp": "12/30/2024 8:11:00", "Ki dat sa te pase?": _d("%d/%m/%Y"), "Peyi": "Haïti",
    "Konbyen moun ki mouri?": lambda e: e.dead,
}, "Haiti", fields=NO_POINT)  # fmt: skip
_form("google_persian", {
    "تاریخ رویداد": _d("%Y/%m/%d"), "کشور": "افغانستان", "تعداد کشته‌ها": lambda e: e.dead,
}, "Afghanistan", fields=NO_POINT)  # fmt: skip
_form("sharepoint", {
    "ID": lambda e: e.id[1:], "Title": lambda e: f"Attack in {e.place}",
    "Incident Date": lambda e: f"{e.day.month}/{e.day.day}/{e.day.year} 12:00 AM",
    "Country": lambda e: f"12;#{e.country}", "Fatalities": lambda e: e.dead,
    "Created": "12/30/2024 8:00 AM", "Created By": "Office", "Modified": "12/30/2024 8:05 AM",
    "Item Type": "Item", "Path": "sites/ops/Lists/Incidents",
}, fields=NO_POINT)  # fmt: skip
_form("epicollect", {
    "ec5_uuid": lambda e: f"u-{e.id}", "created_at": "2024-12-30T08:00:00.000Z",
    "uploaded_at": "2024-12-30T08:11:00.000Z", "title": lambda e: e.place,
    "1_Date_of_incident": _d("%d/%m/%Y"), "2_Country": lambda e: e.country,
    "lat_3_Where": lambda e: e.north, "long_3_Where": lambda e: e.east, "accuracy_3_Where": "5",
    "4_Number_killed": lambda e: e.dead,
})  # fmt: skip
_form("commcare", {
    "formid": lambda e: f"f-{e.id}", "form.incident.date": _d("%Y-%m-%d"),
    "form.incident.country": lambda e: e.country, "form.harm.killed": lambda e: e.dead,
    "form.location.latitude": lambda e: e.north, "form.location.longitude": lambda e: e.east,
    "completed_time": "2024-12-30 08:10:00", "received_on": "2024-12-30 08:11:00", "username": "office",
})  # fmt: skip
_form("activityinfo", {
    "@id": lambda e: f"c{e.id}", "Partner.Name": "Partner 1", "Date of incident": _d("%Y-%m-%d"),
    "Location.Country.Name": lambda e: e.country, "Location.Name": lambda e: e.place,
    "Location.Latitude": lambda e: e.north, "Location.Longitude": lambda e: e.east,
    "Number of deaths": lambda e: e.dead, "@lastEditTime": "2024-12-30 08:11",
})  # fmt: skip
_form("airtable", {
    "Name": lambda e: f"INC-{e.id}", "When": lambda e: f"{e.day.month}/{e.day.day}/{e.day.year} 9:00am",
    "Country": lambda e: e.country, "Armed groups": lambda e: f"{e.group}, Other group",
    "Killed": lambda e: e.dead, "Last modified": "12/30/2024 8:11am", "Attachments": "a.jpg (https://x.example/a.jpg)",
}, fields=NO_POINT)  # fmt: skip
_form("undss", {
    "SLOT No.": lambda e: e.id, "DTG": lambda e: f"{e.day:%d}1430C {e.day:%b} {e.day:%y}".upper(),
    "Country": lambda e: e.country, "Location": lambda e: e.place, "Category": "Armed conflict",
    "Sub-category": "Ambush", "Fatalities": lambda e: e.dead, "Injuries": "2", "SRA level": "High",
}, fields=NO_POINT)  # fmt: skip
_form("inso", {
    "Report No": lambda e: f"KVU-{e.id}", "Incident Date": _d("%d-%b-%y"), "Incident Time": "14:30",
    "Country": lambda e: e.country, "Province": lambda e: e.adm1, "Latitude": lambda e: e.north,
    "Longitude": lambda e: e.east, "Primary Actor": lambda e: e.group, "Incident Type": "Attack",
    "Total Killed": lambda e: e.dead, "Civilian Killed": "0", "AOG Killed": "0", "IMF Killed": "0",
}, fields=("day", "country", "dead", "point", "actor"))  # fmt: skip
_form("ifrc_go", {
    "id": lambda e: e.id, "created_at": "2024-12-30T08:00:00Z", "name": lambda e: f"{e.country}: attack",
    "dtype.name": "Civil Unrest", "countries.name": lambda e: e.country, "num_dead": lambda e: e.dead,
    "num_affected": "900", "disaster_start_date": _d("%Y-%m-%dT00:00:00Z"), "glide": "",
}, fields=NO_POINT)  # fmt: skip
_form("reliefweb", {
    "id": lambda e: e.id, "title": lambda e: f"{e.country}: attack in {e.place}",
    "date.original": _d("%Y-%m-%dT00:00:00+00:00"), "date.created": "2024-12-30T08:11:00+00:00",
    "primary_country.name": lambda e: e.country, "source.name": "Office", "url": "https://x.example/1",
}, fields=("day", "country"))  # fmt: skip
_form("desinventar", {
    "Serial": lambda e: e.id, "Province": lambda e: e.adm1, "Event": "CONFLICT",
    "Date (YMD)": lambda e: f"{e.day.year}/{e.day.month}/{e.day.day}", "Deaths": lambda e: e.dead,
    "Injured": "2", "Missing": "0", "Houses Destroyed": "1",
}, fields=NO_POINT, edits={"constants": {"country": "Mali"}})  # fmt: skip
_form("insecurity_insight", {
    "Date": _d("%d/%m/%Y"), "Event Description": "Attack.", "Country": lambda e: e.country,
    "Country ISO": "MLI", "Admin 1": lambda e: e.adm1, "Latitude": lambda e: e.north,
    "Longitude": lambda e: e.east, "Geo Precision": "(3) 25-100 km", "Reported Perpetrator": "NSA",
    "Reported Perpetrator Name": lambda e: e.group, "Weapon Carried/Used": "Firearm",
    "Aid Workers Killed": lambda e: e.dead, "Aid Workers Injured": "1", "Aid Workers Kidnapped": "4",
    "SiND Event ID": lambda e: e.id,
}, fields=("day", "country", "point", "nodead", "actor"), said="some people only")  # fmt: skip
_form("aid_worker_security", {
    "Incident ID": lambda e: e.id, "Year": lambda e: e.day.year, "Month": lambda e: e.day.month,
    "Day": lambda e: e.day.day, "Country Code": "ML", "Country": lambda e: e.country,
    "Region": lambda e: e.adm1, "UN": "0", "INGO": "1", "Nationals killed": "0",
    "Total killed": lambda e: e.dead, "Total wounded": "1", "Total kidnapped": "2", "Total affected": "9",
    "Latitude": lambda e: e.north, "Longitude": lambda e: e.east, "Actor name": lambda e: e.group,
    "Verified": "Yes", "Source": "Public",
})  # fmt: skip


@case(fields=NO_POINT, extra=1)
def form_survey_monkey(told: list[Event]) -> Made:
    """Two lines of headings, of which the second says how the answer was given."""
    columns: Columns = {"Respondent ID": lambda e: e.id, "Date of incident": _d("%d/%m/%Y"),
               "Country": lambda e: e.country, "Number killed": lambda e: e.dead}  # fmt: skip
    header, *rows = table(told, columns)
    return "survey.csv", delimited([header, ["", "Date", "Response", "Open-Ended Response"], *rows])


@case(fields=NO_POINT, extra=2)
def form_qualtrics(told: list[Event]) -> Made:
    """Names, questions and the program's own ids in three lines."""
    columns: Columns = {"StartDate": "2024-12-30 08:00:00", "Q1": _d("%Y-%m-%d"),
               "Q2": lambda e: e.country, "Q3": lambda e: e.dead, "ResponseId": lambda e: e.id}  # fmt: skip
    header, *rows = table(told, columns)
    asked = ["Start Date", "Date of incident", "Country", "Number killed", "Response ID"]
    ids = [f'{{"ImportId":"{name}"}}' for name in header]
    return "qualtrics.csv", delimited([header, asked, ids, *rows])


@case(fields=NO_POINT)
def form_microsoft(told: list[Event]) -> Made:
    """The time at which the form was opened and sent stands before the day of the incident."""
    from datetime import datetime

    columns: Columns = {"ID": lambda e: e.id[1:], "Start time": "", "Completion time": "",
               "Email": "anonymous", "Name": "", "Date of incident": "",
               "Country": lambda e: e.country, "Number of people killed": lambda e: e.dead}  # fmt: skip
    rows: list[list[object]] = [list(row) for row in table(told, columns)]
    for row, e in zip(rows[1:], told, strict=True):
        row[1], row[2] = datetime(2024, 12, 30, 8, 0), datetime(2024, 12, 30, 8, 11)
        row[5] = datetime(e.day.year, e.day.month, e.day.day)
    return "form.xlsx", workbook({"Sheet1": rows})


def _kobo_sheets(told: list[Event]) -> dict[str, list[list[object]]]:
    main = table(told, {"date_incident": _d("%Y-%m-%d"), "pays": lambda e: e.country,
                        "nb_tues": lambda e: e.dead, "_uuid": lambda e: f"u-{e.id}",
                        "_index": lambda e: e.id[1:]})  # fmt: skip
    children = [["age_groupe", "_parent_table_name", "_parent_index"],
                *([["adulte", "incidents", at]] * 2 for at in ())]  # fmt: skip
    children += [["adulte", "incidents", at + 1] for at in range(len(told)) for _ in range(2)]
    return {"incidents": main, "victimes": children}  # type: ignore[dict-item]


@case(fields=NO_POINT, said="victimes")
def form_kobo_repeat_sheet(told: list[Event]) -> Made:
    """The repeat of a form stands in a second sheet, and is not read; it is said so."""
    return "kobo.xlsx", workbook(_kobo_sheets(told))


@case(refuse="repeat")
def form_kobo_repeat_alone(told: list[Event]) -> Made:
    """Only the repeat was exported."""
    return "victimes.csv", delimited(_kobo_sheets(told)["victimes"])  # type: ignore[arg-type]


@case(either="more than one|several|files")
def form_odk_zip(told: list[Event]) -> Made:
    """ODK Central packs the form and its repeat into one archive."""
    content = io.BytesIO()
    main = table(told, {"date": _d("%Y-%m-%d"), "country": lambda e: e.country, "killed": lambda e: e.dead,
                        "latitude": lambda e: e.north, "longitude": lambda e: e.east,
                        "KEY": lambda e: f"uuid:{e.id}"})  # fmt: skip
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("incidents.csv", delimited(main))
        archive.writestr("incidents-victims.csv", "age,PARENT_KEY,KEY\n9,uuid:E1,uuid:E1/1\n")
    return "incidents.zip", content.getvalue()


@case()
def form_odk_odata(told: list[Event]) -> Made:
    """What ODK Central's OData service answers."""
    return "Submissions.json", json.dumps({"@odata.context": "x", "value": [{
        "__id": f"uuid:{e.id}", "__system": {"submissionDate": "2024-12-30T08:11:00Z", "reviewState": "approved"},
        "incident": {"date": e.day.isoformat(), "country": e.country,
                     "location": {"type": "Point", "coordinates": [e.east, e.north, 0]}},
        "harm": {"killed": e.dead}} for e in told]})  # fmt: skip
