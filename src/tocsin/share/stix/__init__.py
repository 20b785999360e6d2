"""STIX 2.1: check what partners send before it is passed on."""

from tocsin.share.finding import Checked, Finding
from tocsin.share.stix.check import check

__all__ = ["Checked", "Finding", "check"]
