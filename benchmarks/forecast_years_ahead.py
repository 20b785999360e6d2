"""The second and the third year of a forecast, beside the last twelve months and without a season.

Example: python benchmarks/forecast_years_ahead.py 2007 2014

Origins are the Octobers of these years; networks are fitted to 36 months ahead. No month after
December 2017 is read, whatever is asked. Printed are CRPS and CRPS of log1p of the months 3 to 14,
15 to 26 and 27 to 36 ahead, and of totals over months 15 to 26, of units with a death in ten years:
as a share of the last twelve months' and of the forecaster's without a season, the mean over
origins and in how many it is less; and the PIT coverage of 90 % intervals.
"""

from __future__ import annotations

import sys
from datetime import date

import forecast_members as members
import forecast_seasons as seasons_of
import numpy as np

from tocsin.anticipate.data.panel import Matrix
from tocsin.anticipate.evaluation.scores import crps, pit, pit_in_interval
from tocsin.anticipate.models import pool
from tocsin.anticipate.models.baselines import last_twelve
from tocsin.anticipate.models.record.quiet import quiet_units

HORIZON = 36
SPANS = {"months 3 to 14": slice(2, 14), "15 to 26": slice(14, 26), "27 to 36": slice(26, 36)}
TOTAL = "total of 15 to 26"
MODELS = {
    "as it is": (pool.pool, "as it is"),
    "no season": (pool.pool, "no season"),
    "last twelve months": (last_twelve, "as it is"),
}


def main(first: int, last: int) -> None:
    """Print one row a span."""
    history = members.history_before_2018()
    found: dict[tuple[str, str], list[Matrix]] = {}
    for year in range(first, last + 1):
        known = history.upto(date(year, 10, 1))
        loud = ~quiet_units(known.deaths)
        truth = seasons_of.read_truth(history, known, horizon=HORIZON)[loud]
        for name, (model, way) in MODELS.items():
            with seasons_of.put_in_force(seasons_of.WAYS[way]):
                drawn = seasons_of.draw_months(known, model, horizon=HORIZON)[loud]
            for span, scores in _scores(drawn, truth).items():
                found.setdefault((span, name), []).append(scores)
        print(f"{year} scored, {int(loud.sum())} units", flush=True)
    for span in (*SPANS, TOTAL):
        mine = np.stack(found[span, "as it is"])
        for other in ("last twelve months", "no season"):
            share = mine[:, :2] / np.stack(found[span, other])[:, :2]
            told = "; ".join(
                f"{one.mean():.3f} ({(one < 1).sum()}, greatest {one.max():.3f})" for one in share.T
            )
            print(f"{span}, of {other}: {told}", flush=True)
        print(f"{span}: PIT coverage of 90 % intervals {mine[:, 2].mean():.3f}")


def _scores(drawn: Matrix, truth: Matrix) -> dict[str, Matrix]:
    """Each span's mean CRPS, CRPS of log1p, and PIT coverage of 90 % intervals."""
    parts = {span: (drawn[:, months], truth[:, months]) for span, months in SPANS.items()}
    year = SPANS["15 to 26"]
    parts[TOTAL] = (drawn[:, year].sum(axis=1), truth[:, year].sum(axis=1))
    found = {}
    for span, (draws, came) in parts.items():
        known = ~np.isnan(came)
        inside = pit_in_interval(*pit(draws, came), level=0.9)
        logs = crps(np.log1p(np.sort(draws)), np.log1p(came))
        shares = [one[known].mean() for one in (crps(np.sort(draws), came), logs)]
        found[span] = np.array([*shares, inside[known].mean()])
    return found


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(int(sys.argv[1]), min(int(sys.argv[2]), 2014))
