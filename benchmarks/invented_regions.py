"""Score the whole ledger on two invented regions whose answers were written before any run.

    python benchmarks/invented_regions.py FOLDER [after|third|fourth|fifth|sixth|seventh|eighth|
        ninth]

FOLDER gets the files and a workspace; with 'after' or 'third', those of the texts that were written
after decision 0178, with 'fourth' those of decision 0191, with 'fifth' those
of decision 0201, with 'sixth' and 'seventh' those that were written after decision 0208, with
'eighth' and 'ninth' those of decision 0218, whose answers say by whom and against whom as well. See
`labels/invented_regions/README.md`.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from tocsin import Workspace
from tocsin.observe import observe_file
from tocsin.schema.settings import Region, Settings
from tocsin.workspace import road

LABELS = Path(__file__).parent / "labels" / "invented_regions"
ROWS = 150
"""Of each country."""
COUNTRIES = {
    "B": ("Barbados", 53, -59.6, 13.1), "T": ("Tonga", 972, -175.2, -21.1),
    "L": ("St. Lucia", 56, -61.0, 13.9), "B2": ("Bhutan", 760, 89.6, 27.5),
    "GY": ("Guyana", 110, -58.9, 5.0), "BZ": ("Belize", 80, -88.7, 17.2),
    "SR": ("Suriname", 115, -55.9, 4.0), "PG": ("Papua New Guinea", 910, 143.9, -5.8),
    "FJ": ("Fiji", 950, 178.0, -17.8), "MU": ("Mauritius", 590, 57.5, -20.3),
    "TT": ("Trinidad and Tobago", 52, -61.3, 10.5), "VU": ("Vanuatu", 935, 167.6, -16.2),
}  # fmt: skip
NAMES = {
    "A": (9101, "Careenage Liberation Front"), "B": (9102, "Windward Brigades"),
    "F": (9105, "Soufriere Front"), "H": (9106, "Castries Lions"),
    "P": (9107, "Paro Valley Front"), "Q": (9108, "Punakha Column"),
    "R": (9109, "Rupununi Front"), "S": (9110, "Essequibo Column"),
    "U": (9111, "Toledo Liberation Column"), "V": (9112, "Cayo Freedom Front"),
    "W": (9113, "Marowijne Front"), "X": (9114, "Nickerie Column"),
    "Y": (9115, "Sepik River Front"), "Z": (9116, "Bougainville Lions"),
    "I": (9117, "Sons of the Reef"), "J": (9118, "Macuata People's Defence Council"),
    "K": (9119, "Rodrigues Resistance Committee"), "M": (9120, "Black River Battalion"),
    "AA": (9121, "Caroni Workers' Revolutionary Union"), "AB": (9122, "Northern Range Jamaat"),
    "AC": (9123, "United Tanna Chiefs' Militia"),
    "AD": (9124, "Espiritu Santo Independence Army"),
    "C": (9999, "Civilians"), "D": (9103, "Vavau Freedom Movement"), "E": (9104, "Haapai Guard"),
}  # fmt: skip
HAS = {
    "A": "ie fi", "B": "ua cy io", "D": "ie io cy", "E": "ua fi", "F": "ie fi", "H": "ua cy io",
    "P": "ie fi", "Q": "ua cy io", "R": "ie fi", "S": "ua io", "U": "ie fi", "V": "ua cy io",
    "W": "ie fi", "X": "ua cy io", "Y": "ie fi", "Z": "ua cy io", "I": "ie fi", "J": "ua cy io",
    "K": "ua ie", "M": "fi cy io", "AA": "ie fi", "AB": "ua cy io", "AC": "fi ie", "AD": "ua cy io",
}  # fmt: skip
OWN = {
    "B": "A B", "T": "D E", "L": "F H", "B2": "P Q", "GY": "R S", "BZ": "U V", "SR": "W X",
    "PG": "Y Z", "FJ": "I J", "MU": "K M", "TT": "AA AB", "VU": "AC AD",
}  # fmt: skip
"""The organisations of each country."""
CLASSES = {
    "ua": "uncrewed-aircraft", "ie": "improvised-explosives", "fi": "guided-or-indirect-fire",
    "cy": "cyber", "io": "information-operations",
}  # fmt: skip
PLAIN = (
    "Clash with {} leaves dead", "Accrochage avec {}", "Combate con {} deja muertos",
    "{} ambush on patrol", "Gunfight at dawn", "Tiroteo nocturno", "اشتباكات بين الجيش ومسلحين",
)  # fmt: skip


PARTIES = {
    "s": "this-state", "x": "other-state", "o": "organisation", "d": "described", "c": "civilians",
    "n": "nobody",
}  # fmt: skip
"""Code of a party in an answer to the word of the guidelines."""


class Told(NamedTuple):
    """One row of the file of headlines."""

    country: str
    a: str
    b: str
    kind: str
    deaths: tuple[int, ...]
    headline: str
    answers: tuple[tuple[str, str], ...]
    full: tuple[tuple[str, ...], ...] = ()
    """Class, what is said, by whom and against whom, where the answers say so much."""


def read_headlines(file: str) -> list[Told]:
    """Read the headlines with their answers: class and user."""
    found = []
    for line in (LABELS / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            start, answers = line.rsplit("|", 1)
            country, a, b, kind, deaths, headline = start.split("|", 5)
            told = [one.lstrip("T").split(":") for one in answers.split()]
            numbers = tuple(map(int, deaths.split(",")))
            pairs = tuple((one[0], one[2]) for one in told)
            full = tuple((one[0], one[1], one[3], one[4]) for one in told if len(one) > 3)
            found.append(Told(country, a, b, kind, numbers, headline, pairs, full))
    return found


def filled(told: list[Told], country: str) -> Iterator[Told]:
    """Yield the headlines of a country and plain clashes of its organisations, `ROWS` in all."""
    mine = [one for one in told if one.country == country]
    yield from mine
    own = OWN[country].split()
    for k in range(ROWS - len(mine)):
        group = own[k % 2]
        words = PLAIN[k % len(PLAIN)].format(NAMES[group][1])
        yield Told(country, "G", group, "1", (k % 3, (k + 1) % 3, 0), words, ())


def as_ged(number: int, told: Told) -> dict[str, Any]:
    """Write one event in the columns of GED that the reader wants."""
    name, gwno, longitude, latitude = COUNTRIES[told.country]
    sides = {"G": (gwno, f"Government of {name}")} | NAMES
    (id_a, a), (id_b, b) = sides[told.a], sides[told.b]
    day = (date(2018, 1, 5) + timedelta(days=number * 37 % 1400)).isoformat()
    dead_a, dead_b, civilians = told.deaths
    total = sum(told.deaths)
    return {
        "id": 700000 + number, "relid": f"INV-{number}", "year": day[:4], "active_year": 1,
        "code_status": "Clear", "type_of_violence": told.kind, "conflict_dset_id": 1,
        "conflict_new_id": 800 + id_b % 100, "conflict_name": f"{name}: Government",
        "dyad_dset_id": 1, "dyad_new_id": 900 + id_a % 50 + id_b % 50, "dyad_name": f"{a} - {b}",
        "side_a_dset_id": id_a, "side_a_new_id": id_a, "side_a": a,
        "side_b_dset_id": id_b, "side_b_new_id": id_b, "side_b": b, "number_of_sources": 1,
        "source_article": f"Agency,{day},{told.headline}",
        "source_office": ("Reuters", "AFP", "EFE", "Local paper")[number % 4], "source_date": day,
        "source_headline": told.headline, "where_prec": 1, "where_coordinates": f"p {number % 17}",
        "where_description": "", "adm_1": "", "adm_2": "", "priogrid_gid": 1, "country": name,
        "country_id": gwno, "region": "Americas", "event_clarity": 1, "date_prec": 1,
        "date_start": f"{day}T00:00:00", "date_end": f"{day}T00:00:00", "deaths_a": dead_a,
        "deaths_b": dead_b, "deaths_civilians": civilians, "deaths_unknown": 0, "best": total,
        "low": total, "high": total, "gwnoa": gwno if told.a == "G" else "", "gwnob": "",
        "longitude": longitude + number * 0.137 % 0.2, "latitude": latitude + number * 0.071 % 0.2,
    }  # fmt: skip


def main() -> None:
    """Make the files, walk observe and assess, and print the scores."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    texts = "_".join(["headlines", *sys.argv[2:3]]) + ".txt"
    told, rows = read_headlines(texts), list[tuple[Told, dict[str, Any]]]()
    files = []
    there = list(dict.fromkeys(one.country for one in told))
    for country in there:
        events = [
            (one, as_ged(len(rows) + k, one)) for k, one in enumerate(filled(told, country), 1)
        ]
        rows += events
        files.append(folder / f"{COUNTRIES[country][0]}.csv")
        with files[-1].open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(events[0][1]))
            writer.writeheader()
            writer.writerows(row for _, row in events)
    territories = {name: [gwno] for name, gwno, *_ in map(COUNTRIES.__getitem__, there)}
    place = folder / "workspace"
    settings = Settings(region=Region(name="Invented", territories=territories))
    with Workspace.init(place, settings) as opened:
        for file in files:
            print(file.name, observe_file(file)["files"].select("accepted", "quarantined").row(0))
        road.observe(opened, files)
        road.assess(opened)
        names = (
            "technology_tags", "technology_statements", "adoption", "incident_reports", "reports",
            "state_uses",
        )  # fmt: skip
        tables = {name: opened.read(name) for name in names}
    print_tags(rows, tables)
    print_parties(rows, tables)
    print_entries(tables["adoption"])
    print(tables["state_uses"].select("actor", "technology", "n_incidents", "expected"))


def print_tags(rows: list[tuple[Told, dict[str, Any]]], tables: dict[str, pl.DataFrame]) -> None:
    """Print precision and recall of tags, how often the user came first, and every error."""
    ids = dict(tables["reports"].select("native_id", "report_id").iter_rows())
    linked = dict(tables["incident_reports"].select("report_id", "incident_id").iter_rows())
    tags = tables["technology_tags"].filter(pl.col("probability") >= 0.5)
    tagged = set(tags.select("incident_id", "technology").iter_rows())
    users = likely_users(tables["technology_statements"])
    right, false, missed, first = 0, list[str](), list[str](), list[bool]()
    for told, row in rows:
        incident = linked[ids[str(row["id"])]]
        wanted = {CLASSES[one] for one, _ in told.answers}
        found = {name for one, name in tagged if one == incident}
        right += len(found & wanted)
        false += [f"{name}: {told.headline}" for name in found - wanted]
        missed += [f"{name}: {told.headline}" for name in wanted - found]
        for one, user in told.answers:
            alone = sum(other == one for other, _ in told.answers) == 1
            if CLASSES[one] in found and user != "n" and alone:
                first.append(users.get((incident, CLASSES[one])) == user)
                if not first[-1]:
                    got = users.get((incident, CLASSES[one]))
                    print(f"user {got}, wanted {user}: {told.headline}")
    for line in (*(f"FALSE {one}" for one in false), *(f"MISSED {one}" for one in missed)):
        print(line)
    print(f"precision {right / (right + len(false)):.3f} of {right + len(false)}")
    print(f"recall {right / (right + len(missed)):.3f} of {right + len(missed)}")
    print(f"user first {sum(first) / len(first):.3f} of {len(first)}")


def print_parties(rows: list[tuple[Told, dict[str, Any]]], tables: dict[str, pl.DataFrame]) -> None:
    """Print how often what is said, by whom and against whom are right where a class is read.

    Against `civilians` the house says `nobody`, so the two count as one.
    """
    ids = dict(tables["reports"].select("native_id", "report_id").iter_rows())
    read = tables["technology_statements"].filter(pl.col("is_class") >= 0.5)
    best = read.sort(pl.col("use") * pl.col("this_event")).unique(
        ["report_id", "technology"], keep="last"
    )
    held = {(one["report_id"], one["technology"]): one for one in best.to_dicts()}
    right: dict[str, list[bool]] = {"said": [], "by": [], "against": []}
    for told, row in rows:
        for code, said, by, against in told.full:
            one = held.get((ids[str(row["id"])], CLASSES[code]))
            if one is None:
                continue
            wanted = {"said": said, "by": PARTIES[by], "against": PARTIES[against]}
            wanted["against"] = wanted["against"].replace("civilians", "nobody")
            for name, value in wanted.items():
                right[name].append(one[name].replace("civilians", "nobody") == value)
                if not right[name][-1]:
                    print(f"{name} {one[name]}, wanted {value}: {told.headline}")
    for name, each in right.items():
        if each:
            print(f"{name} right {sum(each) / len(each):.3f} of {len(each)}")


def likely_users(statements: pl.DataFrame) -> dict[tuple[str, str], str]:
    """Return the likeliest user (a, b or s) of the most convincing statement of each."""
    shares = {"a": "user_a", "b": "user_b", "s": "user_third"}
    sure = pl.col("is_class") * pl.col("use") * pl.col("this_event")
    best = statements.sort(sure).unique(["incident_id", "technology"], keep="last")
    return {
        (row["incident_id"], row["technology"]): max(shares, key=lambda k: row[shares[k]] or 0.0)
        for row in best.to_dicts()
    }


def print_entries(adoption: pl.DataFrame) -> None:
    """Print every entry with whether it is right by design, and the counts."""
    known = set(adoption["actor"])
    has = {(NAMES[who][1], CLASSES[one]) for who, some in HAS.items() for one in some.split()}
    has = {(name, one) for name, one in has if name in known}
    mine = adoption.filter(pl.col("actor").is_in([name for _, name in NAMES.values()]))
    rows = mine.sort("confidence", descending=True).to_dicts()
    for row in rows:
        true = (row["actor"], row["technology"]) in has
        print(f"{row['confidence']:.2f} {'right' if true else 'WRONG'} {row['actor']}: "
              f"{row['technology']} (n_named {row['n_named']}, n_own {row['n_own']})")  # fmt: skip
    for least in (0.5, 0.8):
        above = [(row["actor"], row["technology"]) for row in rows if row["confidence"] >= least]
        print(f"entries of {least} and more right: {len(has.intersection(above))} of {len(above)}")
    held = {(row["actor"], row["technology"]) for row in rows if row["confidence"] >= 0.5}
    print(f"found {len(has & held)} of {len(has)}; missed {sorted(has - held)}")


if __name__ == "__main__":
    main()
