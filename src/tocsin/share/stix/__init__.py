"""STIX 2.1: check what partners send before it is passed on."""

from tocsin.share.stix.check import Checked, Finding, check

__all__ = ["Checked", "Finding", "check"]
