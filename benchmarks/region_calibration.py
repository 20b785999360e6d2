"""What the example's two event series say of the regional model's echoes and sizes of events.

Example: python benchmarks/region_calibration.py

Prints for each series: the exponent of event sizes of 10 and 20 deaths or more, by likelihood
(Clauset, Shalizi and Newman 2009, with their correction for whole numbers) and the mean deaths an
event, by kind of violence; and the share of echoes, their memory in weeks and the scatter of weekly
counts that a grid likes best, with all that are within 4 units of log likelihood.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.observe import example_files

MEMORIES = (1, 2, 4, 6, 8, 12, 16, 20, 30)
SHARES = np.round(np.arange(0.3, 1.0, 0.05), 2)
SCATTER = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.3)
BURN_IN = 26


def main() -> None:
    """Read both series and print what they say."""
    for path in example_files():
        if not path.name.startswith("ucdp_ged"):
            continue
        events = pl.read_csv(path, infer_schema=False).with_columns(
            pl.col("best", "date_prec").cast(pl.Float64),
            day=pl.col("date_start").str.slice(0, 10).str.to_date("%Y-%m-%d"),
        )
        print(path.name)
        for (kind,), part in events.group_by("type_of_violence", maintain_order=True):
            sizes = part["best"].to_numpy()
            told = [f"mean {sizes.mean():.1f} deaths"]
            for least in (10, 20):
                large = sizes[sizes >= least]
                if len(large) >= 50:
                    exponent = 1 + len(large) / np.log(large / (least - 0.5)).sum()
                    told.append(f"exponent {exponent:.2f} from {least} on ({len(large)} events)")
            print(f"  kind {kind}: {'; '.join(told)}")
        certain = events.filter(pl.col("date_prec") <= 2)
        weeks = ((certain["day"] - certain["day"].min()).dt.total_days() // 7).to_numpy()
        print(f"  {fit_echoes(np.bincount(weeks).astype(float))}")


def fit_echoes(counts: np.ndarray) -> str:
    """The best share, memory and scatter of a grid, and the range of those nearly as good."""
    from scipy.special import gammaln

    found = []
    for memory in MEMORIES:
        late, now = np.empty(len(counts)), counts[:BURN_IN].mean()
        for week, count in enumerate(counts):
            late[week] = now
            now += (count - now) / memory
        for share in SHARES:
            rate = np.maximum((1 - share) * counts.mean() + share * late, 1e-3)
            for scatter in SCATTER:
                # A gamma mixture stands for the lognormal one: it has the same variance.
                k = 1 / np.expm1(scatter**2)
                logs = gammaln(counts + k) - gammaln(k) - gammaln(counts + 1)
                logs += k * np.log(k / (k + rate)) + counts * np.log(rate / (k + rate))
                found.append((float(logs[BURN_IN:].sum()), memory, share, scatter))
    best = max(found)
    near = np.array([one[1:] for one in found if one[0] > best[0] - 4])
    (low, high) = near.min(0), near.max(0)
    return (
        f"memory {best[1]} weeks ({low[0]:.0f} to {high[0]:.0f}), echoes {best[2]:.2f} "
        f"({low[1]:.2f} to {high[1]:.2f}), scatter {best[3]:.1f} ({low[2]:.1f} to {high[2]:.1f})"
    )


if __name__ == "__main__":
    main()
