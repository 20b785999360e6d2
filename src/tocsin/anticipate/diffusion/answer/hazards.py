"""Hazards: the rate of first use by class over time, and first uses met and expected."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.shares import Imputation, interval
from tocsin.anticipate.diffusion.hazard.design import Design
from tocsin.anticipate.diffusion.hazard.posterior import Posterior
from tocsin.anticipate.diffusion.hazard.simulate import Hazard
from tocsin.anticipate.diffusion.tables.cases import Cases
from tocsin.anticipate.diffusion.tables.times import Floats


def table_of_hazards(cases: Cases, imputations: Sequence[Imputation]) -> pl.DataFrame:
    """Tabulate the hazard of each class in each step of the window.

    Args:
        cases: the organisations and classes.
        imputations: first uses as they may have been, and the posterior fitted to each.

    Returns:
        A row for each class and step. The columns are `technology`, `from` and `to` (the step's
        ends, as the table of adoptions writes times), `at_risk` (mean number of organisations at
        risk), `hazard` (first uses per organisation at risk and month), `low` and `high` (its 90 %
        interval), `by_network` (the network's part of the hazard, 0 to 1), `adopted` (first uses
        until `to`) and `expected` (first uses that the model expects until then, given the
        exposures).
    """
    designs = [one.design for one in imputations]
    bins = designs[0].at_risk.shape[1]
    months = (cases.end - cases.start) / cases.clock.month
    edges = np.linspace(cases.start, cases.end, bins + 1)
    parts = [integrate_hazard(one.design, one.posterior) for one in imputations]
    rows = []
    for c, technology in enumerate(cases.technologies):
        expected = 0.0
        adopted = 0.0
        for b in range(bins):
            risk = float(np.mean([part[2][c, b] for part in parts]))
            network = np.concatenate([part[1][:, :, c, b].sum(1) for part in parts])
            whole = np.concatenate([part[0][:, c, b] for part in parts]) + network
            expected += float(whole.mean())
            adopted += float(np.mean([((d.technology == c) & (d.bin == b)).sum() for d in designs]))
            rate = interval(whole / max(risk, 1e-12) / months) if risk > 0 else (None,) * 3
            by = float(network.mean() / whole.mean()) if whole.mean() > 0 else None
            rows.append(
                (
                    technology,
                    cases.clock.write(edges[b]),
                    cases.clock.write(edges[b + 1]),
                    risk * bins,
                    *rate,
                    by,
                    adopted,
                    expected,
                )
            )
    names = ("at_risk", "hazard", "low", "high", "by_network", "adopted", "expected")
    schema = {"technology": pl.String, "from": pl.String, "to": pl.String}
    return pl.DataFrame(rows, schema=schema | dict.fromkeys(names, pl.Float64), orient="row")


def case_hazard(cases: Cases, one: Imputation, draws: int) -> Hazard:
    """Compute the rates of each case per unit of the clock, for draws spread over the posterior.

    Args:
        cases: the organisations and classes, n cases.
        one: first uses as they may have been, and the posterior fitted to them.
        draws: how many draws of the posterior are taken, R, at even distances.

    Returns:
        Rates of R worlds: outside the network of shape (R, n, B), and over it of shape (R, K, C).
    """
    design, posterior = one.design, one.posterior
    which = np.linspace(0, len(posterior.base) - 1, draws).astype(int)
    width = cases.end - cases.start
    cell = posterior.base[which][:, design.cell_technology] * posterior.cell[which]
    lift = np.exp(posterior.beta[which] @ design.covariates.T)
    outside = (cell[:, design.case_cell] * lift)[:, :, None]
    outside = outside * posterior.walk[which][:, cases.technology]
    return Hazard(outside / width, posterior.strength[which] / width)


def integrate_hazard(design: Design, posterior: Posterior) -> tuple[Floats, Floats, Floats]:
    """Integrate the parts of the hazard over the time at risk, by class and step of the window.

    Args:
        design: C classes, B steps and K channels.
        posterior: S draws of the parameters.

    Returns:
        First uses expected outside the network, shape (S, C, B); those over each channel, shape
        (S, K, C, B); and the time at risk in windows, summed over organisations, shape (C, B).
    """
    classes, bins = design.exposed.shape[1:]
    of_case = design.cell_technology[design.case_cell]
    risk = np.zeros((classes, bins))
    np.add.at(risk, of_case, design.at_risk)
    outside = np.zeros((len(posterior.base), classes, bins))
    lift = np.exp(posterior.beta @ design.covariates.T)
    rate = posterior.cell[:, design.case_cell] * lift
    for c in range(classes):
        mine = of_case == c
        outside[:, c] = rate[:, mine] @ design.at_risk[mine]
    outside = outside * posterior.base[:, :, None] * posterior.walk
    return outside, posterior.strength[..., None] * design.exposed[None], risk
