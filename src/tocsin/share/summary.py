"""The brief in about twenty lines, for a terminal."""

from __future__ import annotations

from tocsin.share.facts import SERIOUS, Facts, percent


def lines(facts: Facts) -> list[str]:
    """The summary, a line each."""
    files = facts["files"]
    rows, kept = sum(f["rows"] for f in files), sum(f["accepted"] for f in files)
    found = [
        f"{facts['region']}: brief on data to {facts['origin']:%B %Y}",
        f"Read {len(files)} files, {rows:,} rows: {kept:,} kept, {rows - kept:,} in quarantine.",
        "",
        f"Most at risk: probability of {SERIOUS} deaths or more in the next three months",
    ]
    found += [
        f"  {row['territory']:<26} {percent(row['probability']):>5} {row['word']:<22} "
        f"expected {row['mean']:,.0f} (90 %: {row['low']:,.0f} to {row['high']:,.0f})"
        for row in facts["risk"][:5]
    ]
    found += [
        f"Track record of '{row['model']}' ({row['region']}): mean CRPS {row['crps']:.2f} "
        f"deaths, 90 % intervals held {row['coverage']:.0%} of {row['n']:,}."
        for row in facts["record"]
        if row["chosen"]
    ]
    found += ["", "Technology in the hands of non-state groups"]
    for row in facts["adoption"][:4]:
        found.append(
            f"  {row['named'][:34]:<34} {row['label']:<24} since {row['first_seen']:%Y-%m}, "
            f"about {row['expected']:,.0f} incidents (confidence {row['confidence']:.2f})"
        )
    if not facts["adoption"]:
        found.append("  none seen: no report names one")
    open_ones = facts["unattributed"]
    if open_ones["count"]:
        found.append(
            f"Perpetrator missing or contested: {open_ones['count']:,} of {open_ones['of']:,} "
            "incidents; the brief says who may have done them."
        )
    found += ["", "Portfolios against the status quo, in the same futures"]
    for row in facts["comparisons"]:
        if row["outcome"] == "deaths" and row["against"] == "status quo":
            found.append(
                f"  {row['portfolio']:<26} {row['mean']:+,.0f} deaths in 3 years "
                f"(90 %: {row['low']:+,.0f} to {row['high']:+,.0f}), "
                f"better in {percent(row['p_better'])} of futures"
            )
    found.append("Read the limits in the brief before you act; a person decides.")
    return found
