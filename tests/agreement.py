"""Whether links and clusters of reports tell the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any

import polars as pl


def agree(
    links: Iterable[tuple[Any, Any]], cluster: Mapping[Any, int], source: Callable[[Any], object]
) -> None:
    """Fail unless links and clusters agree.

    Linked reports are in one cluster; a cluster is connected by its links; where it holds several
    reports of one source, any two of these are linked with one and the same report, as its parts.
    """
    partners: dict[Any, set[Any]] = defaultdict(set)
    for a, b in links:
        assert source(a) != source(b)
        assert cluster[a] == cluster[b], (a, b)
        partners[a].add(b)
        partners[b].add(a)
    members: dict[int, list[Any]] = defaultdict(list)
    for report, number in cluster.items():
        members[number].append(report)
    for reports in members.values():
        reached, waiting = {reports[0]}, [reports[0]]
        while waiting:
            new = partners[waiting.pop()] - reached
            reached |= new
            waiting += new
        assert reached == set(reports)
        for a, b in combinations(reports, 2):
            assert source(a) != source(b) or partners[a] & partners[b], (a, b)


def agree_tables(links: pl.DataFrame, clusters: pl.DataFrame) -> None:
    """The same of the tables that linking gives."""
    ends = links.select("source_a", "id_a", "source_b", "id_b").rows()
    cluster = {(s, i): c for s, i, c in clusters.select("source", "id", "cluster").iter_rows()}
    assert len(cluster) == clusters.height
    agree([(row[:2], row[2:]) for row in ends], cluster, lambda report: report[0])
