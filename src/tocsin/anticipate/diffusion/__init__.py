"""Diffusion: through which ties a technology class spreads among organisations, and to whom next.

Nodes are organisations or territories, never persons. Results are for warning and prevention.
"""

from __future__ import annotations

from tocsin.anticipate.diffusion.cascades.cascade import Cascades, read_cascades
from tocsin.anticipate.diffusion.cascades.netinf import netinf
from tocsin.anticipate.diffusion.cascades.netrate import Rates, netrate

__all__ = ["Cascades", "Rates", "netinf", "netrate", "read_cascades"]
