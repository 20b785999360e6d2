"""Targeted enforcement: which controls stop illicit flow without choking lawful trade."""

from tocsin.plan.enforcement.exact import Controls, Limits, choose
from tocsin.plan.enforcement.flow import greatest_flow, shortest_way
from tocsin.plan.enforcement.frontier import Frontier, frontier
from tocsin.plan.enforcement.large import choose_large
from tocsin.plan.enforcement.network import Network, read_network

__all__ = [
    "Controls",
    "Frontier",
    "Limits",
    "Network",
    "choose",
    "choose_large",
    "frontier",
    "greatest_flow",
    "read_network",
    "shortest_way",
]
