"""Attribution on masked incidents of the example region, against the local majority.

Run: python benchmarks/attribution.py [validation|test] [folds]
"""

from __future__ import annotations

import sys
import time

from tocsin.assess.incidents import incidents
from tocsin.assess.technology.tags import by_incident, tag
from tocsin.bench.attribution import FOLDS, predict_masked, scores
from tocsin.observe import example_files, observe

WHICH = {
    "probabilities": "tocsin",
    "baseline": "local majority, 50 km and 90 days",
    "baseline_kind": "the same, same kind of event only",
}
COLUMNS = ("n", "log_score", "top_1", "ece_top", "ece_class", "brier")


def main() -> None:
    part = sys.argv[1] if len(sys.argv) > 1 else "test"
    folds = int(sys.argv[2]) if len(sys.argv) > 2 else FOLDS
    seen = observe(example_files())
    events, links = incidents(seen["reports"])
    tags = by_incident(tag(seen["reports"], links))
    started = time.perf_counter()
    answers = predict_masked(events, seen["actors"], tags, part=part, folds=folds, say=print)
    print(f"{part}: {len(answers):,} masked incidents, {time.perf_counter() - started:.0f} s")
    for gwno, name in ((None, "both"), (652, "Syria"), (482, "Central African Republic")):
        some = [one for one in answers if gwno in (None, one.gwno)]
        for which, label in WHICH.items():
            found = scores(some, which)
            shown = "  ".join(f"{key} {found[key]:.4g}" for key in COLUMNS)
            print(f"{name:<25} {label:<36} {shown}")


if __name__ == "__main__":
    main()
