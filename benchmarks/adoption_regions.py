"""The adoption ledger on the regions of the labels, beside the list of known organisations.

Rules of reading were made on the labels of Syria and the Central African Republic; the other three
regions are told apart. Who used a class is judged by weights that were fitted on the other set's
labels only; with `--shipped` by those that ship, which are fitted on all. The list is filtered to
organisations that the region's events name at all.

Example: python benchmarks/adoption_regions.py path/to/ucdp/files
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from tocsin.assess.actors import statements as said_of
from tocsin.assess.incidents import incidents
from tocsin.assess.technology.adoption import ledger
from tocsin.assess.technology.mentions import statements
from tocsin.bench.adoption.known import count_steps, follow, onsets, why_missed
from tocsin.bench.adoption.made import cases_of_made
from tocsin.bench.adoption.tellable import fit_tellable, mentions_of
from tocsin.bench.adoption.users import cases_of, fit_weights
from tocsin.bench.mentions.labels import read_labels, with_texts
from tocsin.bench.mentions.organisations import read_organisations, score_organisations
from tocsin.bench.mentions.texts import REGIONS, read_texts
from tocsin.observe import observe
from tocsin.schema import TABLES, empty

LABELS = Path(__file__).parent / "labels/technology_mentions"
SETS = {"looked at": ("SYR", "CAF"), "not looked at": ("SDN", "SSD", "MMR")}
COUNTS = (
    "incidents", "broad", "mentions", "names_it", "names_another", "strikes_it", "silent",
)  # fmt: skip
KEY = ("technology", "organisation")
ACTORS = "ucdp_actor_22.1.csv.gz"
"""The list of actors, by which members of joint sides are known."""


def main() -> None:
    """Print the entries of 0.5 and more, and how far known organisations come in the ledger."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", type=Path, help="folder with the UCDP files")
    parser.add_argument("--shipped", action="store_true", help="the weights that ship")
    given = parser.parse_args()
    followed = []
    for name, regions in SETS.items():
        others = [one for some in SETS.values() for one in some if one not in regions]
        held = None if given.shipped else _fitted(_labelled(given.source, others))
        paths = [given.source / REGIONS[region] for region in regions]
        seen = observe([path for path in (*paths, given.source / ACTORS) if path.exists()])
        events, links = incidents(seen["reports"])
        names, _ = said_of(
            *(seen[name] for name in ("actors", "actor_relations", "reports")),
            empty(TABLES["actor_decisions"]),
        )
        told = statements(seen["reports"], links, weights=held, names=names)
        found = ledger(events, told, seen["actors"], weights=held)
        tables = {
            "incidents": events, "technology_statements": told, "actors": seen["actors"],
            "reports": seen["reports"], "incident_reports": links,
        }  # fmt: skip
        _print_entries(f"{name}: {', '.join(regions)}; {events.height} incidents", found)
        followed.append(_print_known(tables, found))
        _print_onsets(onsets(_labelled(given.source, regions), found["adoption"]))
    print("\nall known adopters")
    _print_steps(pl.concat(followed))


def _fitted(rows: pl.DataFrame) -> dict[str, float]:
    return fit_weights([*cases_of(rows), *cases_of_made()]) | fit_tellable(mentions_of(rows))


def _labelled(source: Path, regions: list[str] | tuple[str, ...]) -> pl.DataFrame:
    """The labels of some regions with their texts."""
    texts = pl.concat(read_texts(source, region) for region in regions)
    return with_texts(read_labels(LABELS).filter(pl.col("region").is_in(regions)), texts)[0]


def _print_entries(title: str, found: dict[str, pl.DataFrame]) -> None:
    likely = found["adoption"].filter(pl.col("confidence") >= 0.5)
    sure = likely.filter(pl.col("confidence") >= 0.8).height
    print(f"\n{title}, {found['adoption'].height} entries, {likely.height} of 0.5 and more, "
          f"{sure} of 0.8 and more")  # fmt: skip
    for row in likely.sort("technology", "confidence", descending=[False, True]).to_dicts():
        print(f"  {row['technology']:24} {row['actor'][:40]:40} {row['first_median']} "
              f"{row['confidence']:.3f} of {row['n_incidents']}")  # fmt: skip


def _print_known(tables: dict[str, pl.DataFrame], found: dict[str, pl.DataFrame]) -> pl.DataFrame:
    events = tables["incidents"]
    listed = read_organisations(LABELS)
    by_year = found["adoption_onsets"].select(
        pl.col("actor").alias("organisation"),
        "technology",
        pl.col("date").dt.year().alias("year"),
        "probability",
    )
    most = by_year.group_by("organisation", "technology", "year").agg(pl.col("probability").max())
    named = set(events["actor_a"]) | set(events["actor_b"])
    here = listed.filter(pl.col("organisation").is_in(list(named)))
    for row in score_organisations(here, most).to_dicts():
        print(f"  known to have: {row['has']}; {row['right']} of {row['entries']} right by the "
              f"year of the source, {row['in_ledger']} have an entry by then")  # fmt: skip
    followed = follow(here.filter("has"), tables, found)
    for row in followed.sort("by_end", "technology", "organisation").to_dicts():
        print(f"    {row['organisation'][:28]:28} {row['technology']:24} {row['year']} "
              f"{row['by_year']:20} {row['by_end']}")  # fmt: skip
    _print_missed(why_missed(followed, tables, found))
    _print_steps(followed)
    return followed


def _print_missed(rows: pl.DataFrame) -> None:
    """Print what the data hold of each known adopter that is missed."""
    print("    missed: incidents, with a broad word, with a mention; of these: name it, name")
    print("    another, strike it, say nothing of the user; confidence, short of a half by")
    for row in rows.sort("by_end", *KEY).to_dicts():
        held = "no entry" if row["confidence"] is None else f"{row['confidence']:.2f}"
        short = "" if row["short"] is None else f", {row['short']:.2f}"
        numbers = ", ".join(str(row[name]) for name in COUNTS)
        print(f"    {row['by_end']:18} {row['organisation'][:24]:24} {row['technology']:24} "
              f"{numbers}; {held}{short}")  # fmt: skip


def _print_steps(followed: pl.DataFrame) -> None:
    print(f"  {'':45} by the source's year, by the end of the data")
    for row in count_steps(followed):
        print(f"    {row['step']:45} {row['by_year']:.2g} {row['by_end']:.2g}")


def _print_onsets(apart: pl.DataFrame) -> None:
    for row in apart.to_dicts():
        inside = row["first_low"] <= row["labelled"] <= row["first_high"]
        print(f"  onset: {row['organisation'][:28]:28} {row['technology']:24} labelled "
              f"{row['labelled']}, ledger {row['first_median']} ({row['days']:+d} days; "
              f"{'in' if inside else 'not in'} its 90 % interval)")  # fmt: skip
    if apart.height:
        middle = float(np.median(apart["days"].abs().to_numpy()))
        print(f"  onset: median of the distances {middle:.0f} days")


if __name__ == "__main__":
    main()
