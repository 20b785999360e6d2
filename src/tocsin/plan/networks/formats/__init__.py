"""Networks as others write them: EPANET, pandapower and GeoJSON, read into components and lines."""

from tocsin.plan.networks.formats.epanet import read_epanet
from tocsin.plan.networks.formats.geojson import is_geojson, read_geojson
from tocsin.plan.networks.formats.pandapower import read_pandapower
from tocsin.plan.networks.formats.parts import (
    Parts,
    join_parts,
    set_apart,
    told_parts,
    with_districts,
)
from tocsin.plan.networks.formats.tables import known_table

__all__ = [
    "Parts",
    "is_geojson",
    "join_parts",
    "known_table",
    "read_epanet",
    "read_geojson",
    "read_pandapower",
    "set_apart",
    "told_parts",
    "with_districts",
]
