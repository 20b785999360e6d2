"""STIX 2.1: check what partners send before it is passed on, and write what one sends oneself."""

from tocsin.share.finding import Checked, Finding
from tocsin.share.stix.check import check
from tocsin.share.stix.write import Producer, write

__all__ = ["Checked", "Finding", "Producer", "check", "write"]
