"""What is known of a cell in a month: its own past, that of the rings around it, its country's."""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.data.features import features, recent
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.schema.geography.prio_grid import rings


def cell_features(history: Panel) -> tuple[Matrix, Matrix]:
    """Features, shape (N, T, F), and level, shape (N, T), of cells.

    Args:
        history: a panel of `grid_panel`: `gwnos` are cells, `territories` their countries.
    """
    near, far = _rings(history)
    known, scale = features(history, near)
    deaths = history.deaths
    some = np.where(np.isnan(deaths), np.nan, deaths > 0)
    country = country_shares(history)
    level, active = {life: recent(deaths, life) for life in (6, 24)}, recent(some, 12)
    more = [np.log1p(far @ level[6]), far @ active]
    # Deaths in a hundred cells of the country: a country has hundreds, and few see any.
    more += [np.log1p(100 * country @ level[life]) for life in (6, 24)]
    more += [country @ active, country @ recent(some, 3)]
    return np.concatenate([known, np.stack(more, axis=-1)], axis=-1), scale


def past_levels(history: Panel) -> Matrix:
    """Deaths a month to be expected from each simple reading of the past, shape (N, T, 11).

    Own past by geometric means (half-lives of 2, 6, 24, 60 months: one bad month does not rule)
    and by plain means (6, 24); the first ring's geometric mean (6, 24), the second's (24); the
    country's mean over cells (6, 60).
    """
    deaths = history.deaths
    logs = np.where(np.isnan(deaths), np.nan, np.log1p(deaths))
    near, far = (ring / np.maximum(ring.sum(1, keepdims=True), 1) for ring in _rings(history))
    country = country_shares(history)
    geometric = {life: np.expm1(recent(logs, life)) for life in (2, 6, 24, 60)}
    found = [*geometric.values(), recent(deaths, 6), recent(deaths, 24)]
    found += [near @ geometric[6], near @ geometric[24], far @ geometric[24]]
    found += [country @ geometric[6], country @ geometric[60]]
    return np.stack(found, axis=-1)


def country_shares(history: Panel) -> Matrix:
    """1 over the number of a country's cells where two cells are of one country, shape (N, N)."""
    names = np.array(history.territories)
    same = (names[:, None] == names[None, :]).astype(float)
    return np.asarray(same / same.sum(1, keepdims=True))


def _rings(history: Panel) -> tuple[Matrix, Matrix]:
    near, far = rings(np.array(history.gwnos))
    return near.astype(float), far.astype(float)
