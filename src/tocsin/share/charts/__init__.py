"""The charts of a brief, as Vega-Lite."""

from __future__ import annotations

from tocsin.schema.vocabulary.portfolio import STATUS_QUO
from tocsin.share.charts.alerts import alert_charts
from tocsin.share.charts.portfolios import trade_offs
from tocsin.share.charts.record import windows_chart
from tocsin.share.charts.risk import fan_chart, risk_map
from tocsin.share.charts.style import place, trusted
from tocsin.share.charts.technology import use_chart
from tocsin.share.facts.words import Facts

__all__ = ["charts"]


@trusted
def charts(facts: Facts) -> list[Facts]:
    """Draw all charts of a brief, in the order of the page.

    Args:
        facts: the facts of a brief.

    Returns:
        A dict for each chart, as `style.place` gives it: `id, section, title, alt, spec`.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    found = []
    for i, group in enumerate(facts["groups"]):
        if group["gwnos"]:
            found.append(risk_map(i, group, facts))
    found += [fan_chart(i, fan) for i, fan in enumerate(facts["fans"])]
    for name, title, words, chart in alert_charts(facts):
        found.append(place(name, "alerts", chart, title=title, alt=words, height=220))
    if facts["quarters"]:
        found.append(use_chart(facts))
    if any(row["against"] == STATUS_QUO for row in facts["comparisons"]):
        found.append(trade_offs(facts))
    if any(row["ratio"] is not None for row in facts["windows"]):
        found.append(windows_chart(facts))
    return found
