"""Diffusion: through which ties a technology class spreads among organisations, and to whom next.

Nodes are organisations or territories, never persons. Results are for warning and prevention.
"""

from __future__ import annotations

from tocsin.anticipate.diffusion.cascades.cascade import Cascades, read_cascades
from tocsin.anticipate.diffusion.cascades.netinf import netinf
from tocsin.anticipate.diffusion.cascades.netrate import Rates, netrate
from tocsin.anticipate.diffusion.diffuse import Diffusion, diffuse
from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.ties import Ties, read_ties

__all__ = [
    "Cascades",
    "Cases",
    "Diffusion",
    "Rates",
    "Ties",
    "diffuse",
    "netinf",
    "netrate",
    "read_cascades",
    "read_cases",
    "read_ties",
]
