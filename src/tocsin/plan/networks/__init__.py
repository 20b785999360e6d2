"""Coupled infrastructure: random failures, what they take from people, and what protects."""

from tocsin.plan.networks.cascade import supplied, working
from tocsin.plan.networks.network import Services, read_services
from tocsin.plan.networks.service import (
    PROTECTIONS,
    Hazard,
    Losses,
    Protection,
    compare_protections,
    lost_hours,
)

__all__ = [
    "PROTECTIONS",
    "Hazard",
    "Losses",
    "Protection",
    "Services",
    "compare_protections",
    "lost_hours",
    "read_services",
    "supplied",
    "working",
]
