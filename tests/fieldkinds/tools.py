"""Exports of forms and tables of work: Epicollect, Kobo with groups, SurveyCTO, Google, Airtable."""

from __future__ import annotations

from fieldkinds.truth import Column, Event, Made, case, delimited, table, workbook

UUID = "5b1e-4d0c"


def _csv(name: str, told: list[Event], columns: dict[str, Column | float], sign: str = ",") -> Made:
    fixed = {key: one if callable(one) else str(one) for key, one in columns.items()}
    return name, delimited(table(told, fixed), sign)


@case("Kenya")
def epicollect(told: list[Event]) -> Made:
    """Questions are numbered, and a point is six columns."""
    return _csv("form-1__incidents.csv", told, {
        "ec5_uuid": lambda e: f"{UUID}-{e.id}", "created_at": "2025-01-09T08:00:00.000Z",
        "uploaded_at": "2025-01-09T09:00:00.000Z", "title": lambda e: e.id,
        "1_Date_of_incident": lambda e: f"{e.day:%d/%m/%Y}", "2_Country": lambda e: e.country,
        "lat_3_Location": lambda e: e.north, "long_3_Location": lambda e: e.east,
        "accuracy_3_Location": 5, "UTM_Northing_3_Location": 1, "UTM_Easting_3_Location": 1,
        "UTM_Zone_3_Location": "37M", "4_Armed_group": lambda e: e.group,
        "5_How_many_killed": lambda e: e.dead})  # fmt: skip


@case("Myanmar")
def kobo_groups(told: list[Event]) -> Made:
    """Names with the groups of the form, and the point in one cell."""
    return _csv("incidents.csv", told, {
        "start": "2025-01-09T08:00:00.000+06:30", "end": "2025-01-09T08:10:00.000+06:30",
        "group_when/date_incident": lambda e: e.day.isoformat(), "group_where/country": lambda e: e.country,
        "group_where/village": lambda e: e.place, "group_where/gps": lambda e: f"{e.north} {e.east} 0 0",
        "group_who/perpetrator": lambda e: e.group, "group_harm/killed": lambda e: e.dead,
        "_id": lambda e: 9000 + int(e.id[1:]), "_uuid": lambda e: f"{UUID}-{e.id}",
        "_submission_time": "2025-01-09T02:00:00", "_validation_status": "validation_status_approved",
        "_index": 1})  # fmt: skip


@case("Nigeria")
def surveycto(told: list[Event]) -> Made:
    """Times as Americans write them, and points with four parts."""
    return _csv("incidents_WIDE.csv", told, {
        "SubmissionDate": "Jan 9, 2025 10:11:12 AM", "starttime": "Jan 9, 2025 10:01:12 AM",
        "date_incident": lambda e: f"{e.day:%b} {e.day.day}, {e.day.year}", "country": lambda e: e.country,
        "gps-Latitude": lambda e: e.north, "gps-Longitude": lambda e: e.east, "gps-Altitude": 3,
        "gps-Accuracy": 4, "group_name": lambda e: e.group, "num_killed": lambda e: e.dead,
        "review_status": "APPROVED", "instanceID": lambda e: f"uuid:{UUID}-{e.id}",
        "KEY": lambda e: f"uuid:{UUID}-{e.id}"})  # fmt: skip


@case("Somalia")
def odk_central_groups(told: list[Event]) -> Made:
    """Groups with hyphens."""
    return _csv("incidents.csv", told, {
        "SubmissionDate": "2025-01-09T08:00:00.000Z", "when-date": lambda e: e.day.isoformat(),
        "where-country": lambda e: e.country, "where-point-Latitude": lambda e: e.north,
        "where-point-Longitude": lambda e: e.east, "where-point-Altitude": 0, "where-point-Accuracy": 4,
        "harm-killed": lambda e: e.dead, "meta-instanceID": lambda e: f"uuid:{UUID}-{e.id}",
        "KEY": lambda e: f"uuid:{UUID}-{e.id}", "SubmitterName": "enumerator", "ReviewState": "approved",
        "Status": ""})  # fmt: skip


def _google(language: str, country: str, header: str, form: str = "%d/%m/%Y") -> None:
    names = header.split("|")

    def make(told: list[Event]) -> Made:
        columns: list[Column] = [
            "09/01/2025 10:11:12", lambda e: e.day.strftime(form), lambda e: e.country,
            lambda e: e.place, lambda e: e.north, lambda e: e.east, lambda e: e.group,
            lambda e: e.dead,
        ]  # fmt: skip
        return _csv("Form responses 1.csv", told, dict(zip(names, columns, strict=True)))

    make.__name__ = f"google_{language}"
    case(country)(make)


_google("german", "Mali", "Zeitstempel|Datum des Vorfalls|Land|Ort|Breitengrad|Längengrad|"
        "Bewaffnete Gruppe|Anzahl der Toten", "%d.%m.%Y")  # fmt: skip
_google("portuguese", "Mozambique", "Carimbo de data/hora|Data do incidente|País|Localidade|Latitude|"
        "Longitude|Grupo armado|Número de mortos")  # fmt: skip
_google("spanish", "Colombia", "Marca temporal|Fecha del incidente|País|Municipio|Latitud|Longitud|"
        "Grupo armado|Número de muertos")  # fmt: skip
_google("indonesian", "Indonesia", "Stempel waktu|Tanggal kejadian|Negara|Lokasi|Lintang|Bujur|"
        "Kelompok bersenjata|Jumlah tewas")  # fmt: skip
_google("swahili", "Kenya", "Muhuri wa wakati|Tarehe ya tukio|Nchi|Mahali|Latitudo|Longitudo|"
        "Kundi lenye silaha|Idadi ya waliouawa")  # fmt: skip
_google("turkish", "Turkey", "Zaman damgası|Olay tarihi|Ülke|Yer|Enlem|Boylam|Silahlı grup|Ölü sayısı",
        "%d.%m.%Y")  # fmt: skip
_google("ukrainian", "Ukraine", "Позначка часу|Дата події|Країна|Місце|Широта|Довгота|"
        "Озброєна група|Кількість загиблих", "%d.%m.%Y")  # fmt: skip


@case("Sudan")
def airtable_linked(told: list[Event]) -> Made:
    """Records that are linked, attachments, and who changed them last."""
    return _csv("Incidents-Grid view.csv", told, {
        "Name": lambda e: e.id, "Incident date": lambda e: e.day.isoformat(), "Country": lambda e: e.country,
        "Location (linked)": lambda e: e.place, "Lat": lambda e: e.north, "Lng": lambda e: e.east,
        "Actors": lambda e: e.group, "# killed": lambda e: e.dead,
        "Attachments": "photo.jpg (https://example.org/a.jpg)", "Status": "Verified",
        "Last modified": "1/9/2025 10:11am", "Record ID": lambda e: f"rec{e.id}"})  # fmt: skip


@case("Philippines")
def teams_list(told: list[Event]) -> Made:
    """A list of Teams as a table: its own columns behind those of the office."""
    return _csv("Incidents.csv", told, {
        "Title": lambda e: e.id, "IncidentDate": lambda e: f"{e.day:%Y-%m-%d}T00:00:00Z",
        "Country": lambda e: e.country, "Municipality": lambda e: e.place, "Latitude": lambda e: e.north,
        "Longitude": lambda e: e.east, "ArmedGroup": lambda e: e.group, "Killed": lambda e: e.dead,
        "Item Type": "Item", "Path": "sites/office/Lists/Incidents", "Modified": "1/9/2025 10:11"})  # fmt: skip


@case("Afghanistan")
def access_table(told: list[Event]) -> Made:
    """A table of Access: days with midnight, decimals, yes and no."""
    return _csv("tblIncidents.txt", told, {
        "IncidentID": lambda e: e.id, "IncDate": lambda e: f"{e.day.day}/{e.day.month}/{e.day.year} 0:00:00",
        "Country": lambda e: e.country, "Province": lambda e: e.adm1, "Lat": lambda e: f"{e.north:.4f}",
        "Lon": lambda e: f"{e.east:.4f}", "PerpGroup": lambda e: e.group, "Killed": lambda e: f"{e.dead}.00",
        "Verified": "TRUE"}, ";")  # fmt: skip


@case(refuse="one column|column|header|separat")
def pdf_in_one_column(told: list[Event]) -> Made:
    """A table of a PDF, pasted to Excel: all of a row in its first cell."""
    rows = table(told, {"x": lambda e: f"{e.day:%d/%m/%Y} {e.country} {e.place} {e.dead} killed"})
    return "report.xlsx", workbook({"Sheet1": [["Incidents in 2024"], *rows[1:]]})


@case("Mozambique", fields=("day", "country", "dead", "point"))
def district_log(told: list[Event]) -> Made:
    """The log of one country tells no country; all its points lie in it."""
    return _csv("registo.csv", told, {
        "Nº": lambda e: e.id, "Data": lambda e: f"{e.day:%d/%m/%Y}", "Distrito": lambda e: e.place,
        "Latitude": lambda e: str(e.north).replace(".", ","),
        "Longitude": lambda e: str(e.east).replace(".", ","), "Grupo": lambda e: e.group,
        "Mortos": lambda e: e.dead}, ";")  # fmt: skip


@case("Philippines")
def island_log(told: list[Event]) -> Made:
    """The same in English, with points in one cell."""
    return _csv("log.csv", told, {
        "Ref": lambda e: e.id, "Date": lambda e: f"{e.day.day} {e.day:%b %Y}", "Municipality": lambda e: e.place,
        "Coordinates": lambda e: f"{e.north}, {e.east}", "Perpetrator": lambda e: e.group,
        "KIA": lambda e: e.dead})  # fmt: skip


@case("Colombia")
def quarters_log(told: list[Event]) -> Made:
    """A log whose first column is the quarter, beside the day."""
    return _csv("log.csv", told, {
        "Trimestre": lambda e: f"T{(e.day.month + 2) // 3} {e.day.year}", "Fecha": lambda e: e.day.isoformat(),
        "País": lambda e: e.country, "Municipio": lambda e: e.place, "Latitud": lambda e: e.north,
        "Longitud": lambda e: e.east, "Responsable": lambda e: e.group, "Muertos": lambda e: e.dead})  # fmt: skip


@case("Mali")
def links_of_maps(told: list[Event]) -> Made:
    """A column of days behind words ('le 12 mars 2024'), and counts in words for one."""
    months = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    names = months.split("|")
    return _csv("registre.csv", told, {
        "N°": lambda e: e.id, "Date": lambda e: f"le {e.day.day} {names[e.day.month - 1]} {e.day.year}",
        "Pays": lambda e: e.country, "Localité": lambda e: e.place, "Latitude": lambda e: e.north,
        "Longitude": lambda e: e.east, "Groupe armé": lambda e: e.group,
        "Morts": lambda e: f"{e.dead} mort{'s' if e.dead > 1 else ''}"})  # fmt: skip


@case("Ukraine")
def sheet_two_languages(told: list[Event]) -> Made:
    """Headings in two languages with a stroke."""
    return _csv("log.csv", told, {
        "№": lambda e: e.id, "Дата / Date": lambda e: f"{e.day:%d.%m.%Y}", "Країна / Country": lambda e: e.country,
        "Місце / Place": lambda e: e.place, "Широта / Latitude": lambda e: e.north,
        "Довгота / Longitude": lambda e: e.east, "Виконавець / Perpetrator": lambda e: e.group,
        "Загинуло / Killed": lambda e: e.dead})  # fmt: skip


@case("Haiti")
def sheet_three_languages(told: list[Event]) -> Made:
    """Creole and French in brackets."""
    return _csv("jounal.csv", told, {
        "Nimewo": lambda e: e.id, "Dat (Date)": lambda e: f"{e.day:%d/%m/%Y}", "Peyi (Pays)": lambda e: e.country,
        "Komin (Commune)": lambda e: e.place, "Latitid (Latitude)": lambda e: e.north,
        "Lonjitid (Longitude)": lambda e: e.east, "Gwoup ame (Groupe armé)": lambda e: e.group,
        "Mouri (Morts)": lambda e: e.dead})  # fmt: skip
