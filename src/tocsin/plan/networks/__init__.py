"""Coupled infrastructure: random failures, what they take from people, and what protects."""

from tocsin.plan.networks.cascade import Supply, find_working
from tocsin.plan.networks.coupling import LAYERS, add_layer, couple
from tocsin.plan.networks.formats import (
    Parts,
    is_geojson,
    join_parts,
    known_table,
    read_epanet,
    read_geojson,
    read_pandapower,
    set_apart,
    told_parts,
    with_districts,
)
from tocsin.plan.networks.network import Services, left_open, read_services
from tocsin.plan.networks.service import (
    PROTECTIONS,
    Hazard,
    Losses,
    Protection,
    compare_protections,
    lost_hours,
    unserved,
)

__all__ = [
    "LAYERS",
    "PROTECTIONS",
    "Hazard",
    "Losses",
    "Parts",
    "Protection",
    "Services",
    "Supply",
    "add_layer",
    "compare_protections",
    "couple",
    "find_working",
    "is_geojson",
    "join_parts",
    "known_table",
    "left_open",
    "lost_hours",
    "read_epanet",
    "read_geojson",
    "read_pandapower",
    "read_services",
    "set_apart",
    "told_parts",
    "unserved",
    "with_districts",
]
