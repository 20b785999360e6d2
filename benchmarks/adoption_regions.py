"""The adoption ledger on the regions of the labels, beside the list of known organisations.

Regions whose labels the rules were made on are told apart from those that nobody looked at. The
list is filtered to organisations that the region's ledger or events name at all.

Example: python benchmarks/adoption_regions.py path/to/ucdp/files
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from tocsin.assess.incidents import incidents
from tocsin.assess.technology.adoption import ledger
from tocsin.assess.technology.mentions import statements
from tocsin.bench.mentions.organisations import read_organisations, score_organisations
from tocsin.bench.mentions.texts import REGIONS
from tocsin.observe import observe

LABELS = Path(__file__).parent / "labels/technology_mentions"
SETS = {"looked at": ("SYR", "CAF"), "not looked at": ("SDN", "SSD", "MMR")}


def main() -> None:
    """Print the entries of 0.5 and more, and how many known organisations are right."""
    folder, known = Path(sys.argv[1]), read_organisations(LABELS)
    for name, regions in SETS.items():
        seen = observe([folder / REGIONS[region] for region in regions])
        events, links = incidents(seen["reports"])
        found = ledger(events, statements(seen["reports"], links), seen["actors"])
        likely = found["adoption"].filter(pl.col("confidence") >= 0.5)
        print(f"\n{name}: {', '.join(regions)}; {events.height} incidents, "
              f"{found['adoption'].height} entries, {likely.height} of 0.5 and more, "
              f"{likely.filter(pl.col('confidence') >= 0.8).height} of 0.8 and more")  # fmt: skip
        for row in likely.sort("technology", "confidence", descending=[False, True]).to_dicts():
            print(f"  {row['technology']:24} {row['actor'][:40]:40} {row['first_median']} "
                  f"{row['confidence']:.3f} of {row['n_incidents']}")  # fmt: skip
        named = set(events["actor_a"]) | set(events["actor_b"])
        curve = found["adoption_onsets"].select(
            pl.col("actor").alias("organisation"),
            "technology",
            pl.col("date").dt.year().alias("year"),
            "probability",
        )
        by_year = curve.group_by("organisation", "technology", "year").agg(
            pl.col("probability").max()
        )
        here = known.filter(pl.col("organisation").is_in(list(named)))
        sure = likely.select(pl.col("actor").alias("organisation"), "technology").unique()
        late = here.filter("has").join(sure, on=["organisation", "technology"], how="semi")
        print(f"  known to have: {late.height} of {here.filter('has').height} of 0.5 and more "
              "by the end of the file")  # fmt: skip
        for row in score_organisations(here, by_year).to_dicts():
            print(f"  known to have: {row['has']}; {row['right']} of {row['entries']} right, "
                  f"{row['in_ledger']} have an entry by then")  # fmt: skip


if __name__ == "__main__":
    main()
