"""What is known of a cell in a month: its own past, that of the rings around it, its country's."""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.data.features import features, recent
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.schema.geography.prio_grid import rings


def cell_features(history: Panel) -> tuple[Matrix, Matrix]:
    """Compute what the forest of cells knows of each cell in each month.

    The features are those of `tocsin.anticipate.data.features.features`, with the cells around a
    cell as its neighbours, and some of the second ring and of the cell's country.

    Args:
        history: a panel from `grid_panel`, whose `gwnos` are N cells, and whose `territories` are
            the cells' countries, in T months.

    Returns:
        Features, shape (N, T, F); and the level to which outcomes are relative, in deaths a
        month, shape (N, T).
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
    """Compute the expected deaths a month by each of eleven simple summaries of the past.

    The summaries are, in this order: the cell's own past by geometric means (2, 6, 24, 60; one bad
    month does not rule) and by plain means (6, 24); the first ring's geometric mean (6, 24), the
    second's (24); the country's mean over cells (6, 60). The numbers in brackets are half-lives in
    months.

    Args:
        history: a panel from `grid_panel`, N cells and T months.

    Returns:
        Shape (N, T, 11), in deaths a month.
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
    """Make the matrix that averages over the cells of each country.

    Args:
        history: a panel from `grid_panel`, N cells.

    Returns:
        Shape (N, N): where two cells are of one country, 1 over the number of its cells; else 0.
    """
    names = np.array(history.territories)
    same = (names[:, None] == names[None, :]).astype(float)
    return np.asarray(same / same.sum(1, keepdims=True))


def _rings(history: Panel) -> tuple[Matrix, Matrix]:
    near, far = rings(np.array(history.gwnos))
    return near.astype(float), far.astype(float)
