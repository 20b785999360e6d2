"""Published results of others, to be found again.

`netinf_cascades.csv` and `netinf_edges.csv` are the cascades of the R package NetworkInference
(MIT licence, its authors) and the five edges, with marginal gains, that the NetInf authors' own
C++ program finds in them (exponential times of rate 1).
"""

from __future__ import annotations

from importlib.resources import files

import polars as pl

from tocsin.anticipate.diffusion import netinf, read_cascades


def netinf_rows() -> list[dict[str, float | str]]:
    """Compare the published edges of NetInf with those that ours finds.

    Returns:
        One row an edge: `edge`, and the gains `published` and `found` in nats.
    """
    here = files(__name__)
    table = pl.read_csv(here.joinpath("netinf_cascades.csv").read_bytes())
    theirs = pl.read_csv(here.joinpath("netinf_edges.csv").read_bytes())
    ours = netinf(read_cascades(table), edges=theirs.height)
    gains = {(source, target): gain for source, target, gain, _ in ours.rows()}
    rows = theirs.select("origin_node", "destination_node", "marginal_gain").rows()
    return [
        {
            "edge": f"{source} to {target}",
            "published": gain,
            "found": gains.get((str(source), str(target)), 0.0),
        }
        for source, target, gain in rows
    ]
