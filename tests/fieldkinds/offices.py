"""What offices and their programs send: hashtags in row 1, headings in groups, lists of others."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from typing import Any

from fieldkinds.truth import Event, Made, case, delimited, table, usual, workbook

NO_POINT = ("day", "country", "dead")


def _rows(told: list[Event], **changed: Any) -> list[list[Any]]:
    return [list(row) for row in table(told, usual(**changed))]


HXL = ["#event+id", "#date+start", "#country+name", "#adm1+name", "#loc+name", "#geo+lat", "#geo+lon",
       "#group+name", "#affected+killed"]  # fmt: skip


@case()
def hxl_alone(told: list[Event]) -> Made:
    """Hashtags in the place of names."""
    return "hxl.csv", delimited([HXL, *_rows(told)[1:]])


@case()
def hxl_above(told: list[Event]) -> Made:
    """Hashtags in row 1, above names that nobody knows."""
    names = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"]
    return "hxl.csv", delimited([HXL, names, *_rows(told)[1:]])


@case()
def header_merged(told: list[Event]) -> Made:
    """A sheet of Google as CSV whose headings were merged: only the first of a group is told."""
    rows = _rows(told)
    top = ["Record", "When", "Where", "", "", "", "", "Who", "Harm"]
    low = [
        "ID",
        "Date",
        "Country",
        "Province",
        "Location",
        "Latitude",
        "Longitude",
        "Group",
        "Killed",
    ]
    return "sheet.csv", delimited([top, low, *rows[1:]])


@case()
def header_with_breaks(told: list[Event]) -> Made:
    """Headings over two lines within their cells."""
    rows = _rows(told)
    rows[0] = ["ID", "Date\n(dd/mm/yyyy)", "Country", "Province", "Location", "Latitude\n(WGS84)",
               "Longitude\n(WGS84)", "Armed\ngroup", "Number\nkilled"]  # fmt: skip
    for row, e in zip(rows[1:], told, strict=True):
        row[1] = e.day.strftime("%d/%m/%Y")
    return "log.xlsx", workbook({"Log": rows})


@case()
def soft_hyphens(told: list[Event]) -> Made:
    """A table copied out of a PDF: soft hyphens, spaces that do not break, ligatures."""
    rows = _rows(told, Country=lambda e: "\u00ad".join((e.country[:2], e.country[2:])) + "\u00a0")
    rows[0] = ["ID", "Date", "Coun\u00adtry", "Province", "Location", "Lati\u00adtude", "Longi\u00adtude",
               "Armed group", "Killed"]  # fmt: skip
    return "log.csv", delimited(rows)


@case(said="hidden")
def hidden_rows(told: list[Event]) -> Made:
    """Rows that an office hid by hand are rows all the same, and it is said."""

    def dress(book: Any) -> None:
        for at in (3, 5):
            book["Log"].row_dimensions[at].hidden = True

    return "log.xlsx", workbook({"Log": _rows(told)}, dress)


@case()
def hidden_columns(told: list[Event]) -> Made:
    """Columns that were hidden by hand."""

    def dress(book: Any) -> None:
        book["Log"].column_dimensions["F"].hidden = True

    return "log.xlsx", workbook({"Log": _rows(told)}, dress)


@case(extra=1)
def table_with_totals(told: list[Event]) -> Made:
    """A table of Excel with its row of totals."""
    rows = _rows(told)
    return "log.xlsx", workbook({"Log": [*rows, ["Total", *[None] * 7, sum(e.dead for e in told)]]})


@case()
def days_since_1904(told: list[Event]) -> Made:
    """A workbook of an old Macintosh counts days from 1904."""

    def dress(book: Any) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book.epoch = CALENDAR_MAC_1904

    rows = _rows(told)
    for row, e in zip(rows[1:], told, strict=True):
        row[1] = datetime(e.day.year, e.day.month, e.day.day)
    return "log.xlsx", workbook({"Log": rows}, dress)


@case()
def two_links_a_cell(told: list[Event]) -> Made:
    """Cells with links and comments."""

    def dress(book: Any) -> None:
        from openpyxl.comments import Comment

        for at in range(2, 8):
            book["Log"][f"E{at}"].hyperlink = "https://example.org/"
            book["Log"][f"I{at}"].comment = Comment("checked", "office")

    return "log.xlsx", workbook({"Log": _rows(told)}, dress)


@case()
def lines_of_comment(told: list[Event]) -> Made:
    """Two lines that begin with a hash stand above the header."""
    text = delimited(_rows(told))
    return "export.csv", "# exported 2024-12-30 by office\n# filter: all\n" + text


@case(extra=1)
def line_behind(told: list[Event]) -> Made:
    """A line on the export stands below the rows."""
    rows = _rows(told)
    return "export.csv", delimited([*rows, ["Exported on 30 December 2024", *[""] * 8]])


@case()
def index_unnamed(told: list[Event]) -> Made:
    """What pandas adds before the first column."""
    rows = _rows(told)
    numbered = [["", *rows[0]], *[[n, *row] for n, row in enumerate(rows[1:])]]
    return "log.csv", delimited(numbered)


@case()
def quoted_everything(told: list[Event]) -> Made:
    """Every cell within quotes, numbers too, with blanks inside them."""
    return "log.csv", "\n".join(",".join(f'" {c} "' for c in row) for row in _rows(told))


@case()
def kobo_answer(told: list[Event]) -> Made:
    """KoboToolbox's server, of an own form with groups and a repeat."""
    results = [
        {"_id": n, "formhub/uuid": "f", "start": "2024-12-30T08:00:00.000Z", "end": "2024-12-30T08:10:00.000Z",
         "event/date": e.day.isoformat(), "event/country": e.country, "event/killed": str(e.dead),
         "event/gps": f"{e.north} {e.east} 0 0", "event/people": [{"event/people/sex": "f"}] * 2,
         "_attachments": [], "_geolocation": [e.north, e.east], "_tags": [], "_notes": [],
         "_validation_status": {}, "_submission_time": "2024-12-30T08:11:00", "__version__": "v1"}
        for n, e in enumerate(told, 1)]  # fmt: skip
    return "data.json", json.dumps(
        {"count": len(told), "next": None, "previous": None, "results": results}
    )


@case()
def commcare_export(told: list[Event]) -> Made:
    """CommCare's own headings."""
    columns = {
        "number": lambda e: e.id, "formid": lambda e: f"f-{e.id}", "form.incident.date": lambda e: e.day.isoformat(),
        "form.incident.country": lambda e: e.country, "form.incident.killed": lambda e: e.dead,
        "form.gps.latitude": lambda e: e.north, "form.gps.longitude": lambda e: e.east,
        "completed_time": "2024-12-30 08:11:00", "started_time": "2024-12-30 08:01:00",
        "received_on": "2024-12-30 08:12:00", "username": "office",
    }  # fmt: skip
    return "forms.csv", delimited(table(told, columns))


@case(fields=NO_POINT)
def surveycto_wide_repeat(told: list[Event]) -> Made:
    """A repeat that goes to the right: a sex and an age for each victim."""
    columns = {
        "SubmissionDate": "Dec 30, 2024 3:11:00 PM", "incident_date": lambda e: e.day.isoformat(),
        "country": lambda e: e.country, "killed": lambda e: e.dead, "victim_sex_1": "f",
        "victim_age_1": "30", "victim_sex_2": "m", "victim_age_2": "41", "KEY": lambda e: f"uuid:{e.id}",
    }  # fmt: skip
    return "wide.csv", delimited(table(told, columns))


@case()
def tracker_events(told: list[Event]) -> Made:
    """Events of DHIS2's tracker: single events, and no sums."""
    columns = {
        "Event": lambda e: e.id, "Program stage": "Incident", "Event date": lambda e: f"{e.day} 00:00:00.0",
        "Stored by": "office", "Last updated on": "2024-12-30 08:11:00.1", "Longitude": lambda e: e.east,
        "Latitude": lambda e: e.north, "Organisation unit name": lambda e: e.place,
        "Country": lambda e: e.country, "Number killed": lambda e: e.dead,
    }  # fmt: skip
    return "events.csv", delimited(table(told, columns))


@case()
def ushahidi_export(told: list[Event]) -> Made:
    """Posts of Ushahidi: three days in three columns, of which one is the event's."""
    columns = {
        "Post ID": lambda e: e.id, "Survey": "Incidents", "Post Status": "published",
        "Created (UTC)": "2024-12-30 08:11:00", "Updated (UTC)": "2024-12-31 08:11:00",
        "Post Date (UTC)": lambda e: f"{e.day} 09:00:00", "Title": lambda e: f"Attack in {e.place}",
        "Country": lambda e: e.country, "Deaths": lambda e: e.dead,
        "Location.lat": lambda e: e.north, "Location.lon": lambda e: e.east,
    }  # fmt: skip
    return "posts.csv", delimited(table(told, columns))


@case()
def airtable_view(told: list[Event]) -> Made:
    """A view of Airtable: a formula's name, attachments, when it was made."""
    columns = {
        "Name": lambda e: f"{e.place} / {e.day}", "Incident date": lambda e: f"{e.day.month}/{e.day.day}/{e.day.year}",
        "Country": lambda e: e.country, "Killed": lambda e: e.dead, "Lat": lambda e: e.north,
        "Lng": lambda e: e.east, "Photos": "a.jpg (https://example.org/a.jpg)",
        "Created": "12/30/2024 8:11am", "Verified": "checked",
    }  # fmt: skip
    return "Grid view.csv", delimited(table(told, columns))


@case()
def notion_database(told: list[Event]) -> Made:
    """Notion's words for days, with a byte order mark."""
    columns = usual(Date=lambda e: f"{e.day:%B} {e.day.day}, {e.day.year}") | {"Done": "Yes"}
    return "Incidents 0f3a.csv", "\ufeff" + delimited(table(told, columns))


@case()
def sharepoint_list(told: list[Event]) -> Made:
    """A list of SharePoint: `Title`, and who changed it when, around what matters."""
    columns = {
        "Title": lambda e: f"Incident {e.id}", "IncidentDateTime": lambda e: f"{e.day}T14:30:00Z",
        "Country": lambda e: e.country, "Casualties: killed": lambda e: e.dead,
        "GPS Lat": lambda e: e.north, "GPS Long": lambda e: e.east, "Modified": "2024-12-31T08:11:00Z",
        "Created": "2024-12-30T08:11:00Z", "Item Type": "Item", "Path": "sites/desk/Lists/log",
    }  # fmt: skip
    return "query.csv", delimited(table(told, columns))


@case("Myanmar")
def digits_of_full_width(told: list[Event]) -> Made:
    """Digits and signs of full width, and the state's name in Japanese."""
    wide = {ord(c): ord(c) + 0xFEE0 for c in "0123456789/"}
    changed = {
        "Date": lambda e: e.day.strftime("%Y/%m/%d").translate(wide),
        "Country": "ミャンマー",
    }
    return "log.csv", delimited(table(told, usual(**changed)))


@case("Ukraine")
def states_in_russian(told: list[Event]) -> Made:
    """Headings and the state's name in Russian."""
    rows = _rows(told, Country="Украина")
    rows[0] = ["№", "Дата", "Страна", "Область", "Место", "Широта", "Долгота", "Группа", "Погибло"]
    for row, e in zip(rows[1:], told, strict=True):
        row[1] = e.day.strftime("%d.%m.%Y")
    return "журнал.csv", delimited(rows, ";")


@case("Kenya")
def states_by_flag(told: list[Event]) -> Made:
    """A flag stands before the state's name, as telephones write it."""
    return "log.csv", delimited(_rows(told, Country=lambda e: f"\U0001f1f0\U0001f1ea {e.country}"))


@case(fields=NO_POINT, refuse="chat|messag|Telegram")
def telegram_history(told: list[Event]) -> Made:
    """The history of a channel: messages, in which anything may stand."""
    messages = [
        {"id": n, "type": "message", "date": f"{e.day}T09:00:00", "from": "Channel",
         "text": f"{e.dead} dead in {e.place}"} for n, e in enumerate(told, 1)]  # fmt: skip
    return "result.json", json.dumps(
        {"name": "News", "type": "public_channel", "messages": messages}
    )


@case(refuse="documents|[Rr]elief[Ww]eb")
def reliefweb_list(told: list[Event]) -> Made:
    """Titles of documents: no event, though a day and a country stand beside each."""
    columns = {
        "id": lambda e: f"40{e.id[1:]}", "title": lambda e: f"{e.country}: Situation Report No. {e.id[1:]}",
        "date.created": lambda e: f"{e.day}T00:00:00+00:00", "primary_country.name": lambda e: e.country,
        "source.shortname": "OCHA", "format.name": "Situation Report", "theme.name": "Protection",
        "url_alias": lambda e: f"https://example.org/report/{e.id}", "status": "published",
    }  # fmt: skip
    return "reliefweb.csv", delimited(table(told, columns))


@case(refuse="GDACS|disaster|hazard")
def gdacs_list(told: list[Event]) -> Made:
    """Alerts on earthquakes and floods, which nobody fought."""
    columns = {
        "eventtype": "EQ", "eventid": lambda e: e.id, "alertlevel": "Orange", "fromdate": lambda e: e.day.isoformat(),
        "todate": lambda e: (e.day + timedelta(1)).isoformat(), "country": lambda e: e.country, "iso3": "MLI",
        "latitude": lambda e: e.north, "longitude": lambda e: e.east, "severity": "5.9",
        "population": "12000", "glide": "",
    }  # fmt: skip
    return "gdacs.csv", delimited(table(told, columns))


@case(refuse="EM-DAT|disaster")
def emdat_list(told: list[Event]) -> Made:
    """Disasters of EM-DAT: deaths by floods are no deaths of violence."""
    columns = {
        "DisNo.": lambda e: f"2024-{e.id}-MLI", "Historic": "No", "Disaster Group": "Natural",
        "Disaster Type": "Flood", "ISO": "MLI", "Country": lambda e: e.country, "Start Year": lambda e: e.day.year,
        "Start Month": lambda e: e.day.month, "Start Day": lambda e: e.day.day,
        "Total Deaths": lambda e: e.dead, "Latitude": lambda e: e.north, "Longitude": lambda e: e.east,
    }  # fmt: skip
    return "public_emdat.xlsx", workbook({"EM-DAT Data": table(told, columns)})


@case(refuse="displace|disaster|IDMC")
def idmc_list(told: list[Event]) -> Made:
    """Numbers of people who were displaced, and none of dead."""
    columns = {
        "id": lambda e: e.id, "country": lambda e: e.country, "iso3": "MLI", "displacement_type": "Conflict",
        "figure": lambda e: e.dead * 100, "displacement_date": lambda e: e.day.isoformat(),
        "displacement_start_date": lambda e: e.day.isoformat(), "latitude": lambda e: e.north,
        "longitude": lambda e: e.east, "event_name": "Attack", "category": "Conflict",
    }  # fmt: skip
    return "idu.csv", delimited(table(told, columns))


@case()
def insecurity_groups(told: list[Event]) -> Made:
    """Killed men, women and children beside the sum: the sum is what counts."""
    more = {"Men killed": "0", "Women killed": "0", "Children killed": "0", "Abducted": "3"}
    return "log.csv", delimited(table(told, usual() | more))


@case()
def sheets_of_pages(told: list[Event]) -> Made:
    """A log in three sheets of two rows each, all with the same header."""
    head, *rows = _rows(told)
    return "log.xlsx", workbook(
        {f"Page {n + 1}": [head, *rows[2 * n : 2 * n + 2]] for n in range(3)}
    )


@case(series=[("Mali", "2024-01-01", 3), ("Mali", "2024-02-01", 0), ("Niger", "2024-01-01", 7),
              ("Niger", "2024-02-01", 2)])  # fmt: skip
def pivot_as_values(told: list[Event]) -> Made:
    """A pivot table pasted as values: labels of rows, sums, empty cells, months as Excel has them."""
    rows = [
        ["Sum of Fatalities", "Column Labels", "", "", ""],
        ["Row Labels", datetime(2024, 1, 1), datetime(2024, 2, 1), datetime(2024, 3, 1), "Grand Total"],
        ["Mali", 3, 0, None, 3], ["Niger", 7, 2, None, 9], ["Grand Total", 10, 2, None, 12],
    ]  # fmt: skip
    return "pivot.xlsx", workbook({"Sheet3": rows})


@case(
    series=[
        ("Mali", "2024-01-01", 1),
        ("Mali", "2024-02-01", 1),
        ("Mali", "2024-03-01", 1),
        ("Mali", "2024-04-01", 1),
        ("Mali", "2024-05-01", 2),
        ("Mali", "2024-06-01", 1),
        ("Mali", "2024-07-01", 2),
        ("Mali", "2024-08-01", 1),
        ("Mali", "2024-09-01", 2),
        ("Niger", "2024-01-01", 0),
        ("Niger", "2024-02-01", 1),
        ("Niger", "2024-03-01", 0),
        ("Niger", "2024-04-01", 0),
        ("Niger", "2024-05-01", 0),
        ("Niger", "2024-06-01", 0),
        ("Niger", "2024-07-01", 1),
        ("Niger", "2024-08-01", 0),
        ("Niger", "2024-09-01", 1),
    ]
)
def quarters_across(told: list[Event]) -> Made:
    """A quarter's count is divided evenly, which is said; until 0176 it was to be refused."""
    return "q.csv", delimited(
        [["Country", "Q1 2024", "Q2 2024", "Q3 2024"], ["Mali", 3, 4, 5], ["Niger", 1, 0, 2]]
    )


@case()
def gzip_without_name(told: list[Event]) -> Made:
    """A packed table whose name says nothing of it."""
    import gzip

    content = io.BytesIO()
    with gzip.GzipFile(fileobj=content, mode="wb", mtime=0) as packed:
        packed.write(delimited(_rows(told)).encode("utf-16"))
    return "download", content.getvalue()
