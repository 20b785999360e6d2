"""Warnings in the Common Alerting Protocol (CAP 1.2): check what comes in, write what goes out."""

from tocsin.share.cap.areas import repair_polygon
from tocsin.share.cap.check import CheckedMessage, check
from tocsin.share.cap.message import Area, Info, Message, as_bytes, polygons
from tocsin.share.cap.rules import RULES, Rule
from tocsin.share.cap.signature import Signature, sign
from tocsin.share.cap.warnings import Outgoing, Sender, warnings
from tocsin.share.finding import Finding

__all__ = [
    "RULES",
    "Area",
    "CheckedMessage",
    "Finding",
    "Info",
    "Message",
    "Outgoing",
    "Rule",
    "Sender",
    "Signature",
    "as_bytes",
    "check",
    "polygons",
    "repair_polygon",
    "sign",
    "warnings",
]
