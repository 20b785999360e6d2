"""The rules that a message is held to, each with its clause, and what a break of one looks like.

Clauses are those of the Common Alerting Protocol, version 1.2 (OASIS Standard, 1 July 2010).
'practice' marks what the standard leaves open and receivers were hurt by.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tocsin.share.cap.document import Element
from tocsin.share.finding import Finding, Severity


@dataclass(frozen=True)
class Rule:
    """This is what a rule is called, how grave a break of it is, and where it comes from."""

    name: str
    """Its short name."""
    severity: Severity
    """How grave a break of it is."""
    clause: str
    """The clause of the standard, or 'practice'."""
    meaning: str
    """What it asks for, one sentence."""


_LIST: tuple[tuple[str, Severity, str, str], ...] = (
    ("readable", "error", "3.3.4", "The file is XML without a document type or entities."),
    ("byte-order", "error", "XML 4.3.3", "A text in UTF-16 begins with the mark of its order."),
    ("root", "error", "3.2.1", "The outermost element is an `alert` of CAP 1.2 or 1.1."),
    ("version", "warning", "3.4", "The message is of the newest version, 1.2."),
    ("envelope", "note", "practice", "Messages in an envelope are checked, the envelope is not."),
    ("required", "error", "3.2", "What has to be there is there."),
    ("repeated", "error", "3.2", "What may stand once stands once."),
    ("order", "error", "3.4", "Elements stand in the order of the schema."),
    ("unknown-element", "error", "3.4", "There is no element beside those of the standard."),
    ("attribute", "error", "3.4", "Elements carry no attributes."),
    ("mixed-text", "error", "3.4", "No text stands between elements."),
    ("empty", "error", "3.2", "A required text says something."),
    ("code", "error", "3.2", "A value of a list of codes is spelt as the standard spells it."),
    ("time", "error", "3.3.2", "A time has the form 2026-11-26T08:00:00-00:00 and exists."),
    ("time-letter", "error", "3.3.2", "No letter, such as Z, stands for the zone."),
    ("time-utc", "warning", "3.3.2", "UTC is written -00:00."),
    ("time-midnight", "warning", "practice", "The end of a day is 00:00:00 of the next."),
    ("identifier-characters", "error", "3.2.1", "An identifier has no spaces, commas, < or &."),
    ("sender-characters", "error", "3.2.1", "A sender has no spaces, commas, < or &."),
    ("sender-unique", "warning", "3.2.1", "A sender is unique in the world: an address or domain."),
    ("references-missing", "error", "3.2.1", "Update, Cancel, Ack and Error say which message."),
    ("references-form", "error", "3.2.1", "A reference has the form sender,identifier,sent."),
    ("references-itself", "error", "3.2.1", "A message does not refer to itself."),
    ("references-later", "error", "3.2.1", "A message refers only to what was sent before it."),
    ("references-twice", "warning", "3.2.1", "A message is referred to once."),
    ("references-new", "warning", "3.2.1", "A first Alert refers to no earlier message."),
    ("references-sender", "warning", "practice", "An Update or Cancel is of one's own message."),
    ("cancel-several", "warning", "practice", "A Cancel of several messages says so in words."),
    ("restriction", "error", "3.2.1", "A restricted message says its restriction."),
    ("restriction-unused", "warning", "3.2.1", "Only a restricted message has a restriction."),
    ("addresses", "error", "3.2.1", "A private message says whom it is for."),
    ("quotes", "error", "3.2.1", "Quotes around addresses and incidents are closed."),
    ("error-note", "warning", "3.2.1", "An Error explains itself in its note."),
    ("exercise-note", "note", "3.2.1", "An Exercise says which exercise in its note."),
    ("info-missing", "warning", "3.2.2", "Alert and Update tell something in an info."),
    ("sent-future", "warning", "practice", "A message was not sent in the future."),
    ("expires-sent", "error", "3.2.2", "A message does not expire before it is sent."),
    ("expires-effective", "error", "3.2.2", "It does not expire before it takes effect."),
    ("expires-onset", "warning", "practice", "It does not expire before what it warns of begins."),
    ("expires-missing", "warning", "3.2.2", "A message says when it expires."),
    ("expired", "note", "3.2.2", "An expired message stays valid, and is told to be expired."),
    ("language", "error", "3.2.2", "A language is a tag of RFC 3066, such as fr or en-US."),
    ("language-unlikely", "warning", "3.2.2", "A language is its code, not its name."),
    ("language-default", "note", "3.2.2", "Without a language, receivers take en-US."),
    ("response-none", "warning", "3.2.2", "None stands beside no other response."),
    ("response-clear", "warning", "practice", "AllClear is not joined by a call to act."),
    ("response-version", "error", "3.2.2", "Avoid and AllClear came with CAP 1.2."),
    ("code-twice", "note", "3.2.2", "A code is given once."),
    ("observed-future", "warning", "3.2.2", "What is observed is not in the future."),
    ("headline-long", "note", "3.2.2", "A headline fits 160 characters, as some devices ask."),
    ("web", "error", "3.2.2", "A page has its full, absolute address."),
    ("web-bare", "warning", "3.2.2", "The address of a page begins with https://."),
    ("value-empty", "warning", "3.2.2", "A name of a value comes with a value."),
    ("hidden-characters", "warning", "practice", "Text holds no invisible signs of direction."),
    ("mime", "error", "3.2.3", "The kind of a resource is a MIME type."),
    ("size", "error", "3.2.3", "A size is a whole number of bytes."),
    ("size-differs", "warning", "3.2.3", "The size is that of the content."),
    ("resource-empty", "warning", "3.2.3", "A resource says where its content is."),
    ("uri-relative", "error", "3.2.3", "A relative address names content that is in the message."),
    ("deref-base64", "error", "3.2.3", "Content in the message is Base64."),
    ("deref-network", "note", "3.2.3", "Content in the message is for one-way networks."),
    ("digest", "error", "3.2.3", "A digest is SHA-1, forty hexadecimal digits."),
    ("digest-differs", "error", "3.2.3", "The digest is that of the content."),
    ("polygon-form", "error", "3.2.4", "A polygon is pairs lat,lon with spaces between them."),
    ("polygon-few", "error", "3.2.4", "A polygon has at least four pairs."),
    ("polygon-open", "error", "3.2.4", "A polygon's last pair is its first."),
    ("polygon-crossing", "error", "practice", "A polygon does not cross itself."),
    ("polygon-touching", "warning", "practice", "A polygon does not touch itself."),
    ("polygon-flat", "error", "practice", "A polygon encloses a surface."),
    ("polygon-dateline", "warning", "practice", "A polygon does not cross the date line."),
    ("polygon-pole", "warning", "practice", "A polygon does not go round a pole."),
    ("polygon-fine", "note", "practice", "A polygon has as many points as a small screen can use."),
    ("latitude", "error", "3.2.4", "A latitude lies from -90 to 90."),
    ("longitude", "error", "3.2.4", "A longitude lies from -180 to 180."),
    ("swapped", "warning", "practice", "The latitude stands first."),
    ("circle-form", "error", "3.2.4", "A circle is lat,lon, a space, and a radius in km."),
    ("circle-radius", "error", "3.2.4", "A radius is not negative nor larger than the Earth."),
    ("decimal", "error", "3.2.4", "A height is a decimal number of feet."),
    ("ceiling-alone", "error", "3.2.4", "A ceiling comes with an altitude."),
    ("ceiling-below", "error", "3.2.4", "A ceiling is not below the altitude."),
    ("area-words", "note", "3.2.4", "Receivers match an area by a shape or a code."),
    ("several-signatures", "note", "3.3.4", "Several signatures are each held to the message."),
    ("signature-broken", "error", "3.3.4", "The signature holds for what the message says."),
    ("signature-indented", "warning", "practice", "White space was not changed after signing."),
    ("signature-weak", "warning", "practice", "A signature is by an algorithm that is safe today."),
    ("signature-unread", "warning", "3.3.4", "A signature can be checked."),
    ("feed-required", "error", "RFC 4287", "A feed and its entries say what they are."),
    ("feed-time", "error", "RFC 4287", "A feed's times are of its standard's form."),
    ("feed-twice", "warning", "RFC 4287", "An entry stands once."),
    ("identifier-reused", "error", "3.2.1", "Two messages of a sender have two identifiers."),
    ("identifier-altered", "warning", "3.2.1", "One message says the same in every copy."),
    ("reference-time", "error", "3.2.1", "A reference has the time of that message."),
    ("reference-kind", "warning", "3.2.1", "What is updated or cancelled is an Alert or Update."),
)  # fmt: skip
RULES: dict[str, Rule] = {name: Rule(name, *rest) for name, *rest in _LIST}  # type: ignore[arg-type]
"""Every rule, by its short name."""


@dataclass
class Findings:
    """These are the findings about one message, gathered while it is checked."""

    found: list[Finding] = field(default_factory=list)
    """The findings, in the order in which they were made."""

    def add(
        self,
        rule: str,
        at: Element | int,
        where: str,
        what: str,
        remedy: str = "",
    ) -> None:
        """Note a break of a rule.

        Args:
            rule: its short name, a key of `RULES`.
            at: the element, or its line.
            where: the element's place in the message.
            what: what is wrong, one sentence.
            remedy: what to do.
        """
        line = at.line if isinstance(at, Element) else at
        self.found.append(Finding(line, rule, RULES[rule].severity, where, what, remedy))

    def in_order(self) -> list[Finding]:
        """Give the findings by line, each once."""
        return sorted(set(self.found))


def quote(text: str, most: int = 60) -> str:
    """Quote a value for a sentence, cut where it is long.

    Args:
        text: the value as it stands in the message.
        most: how many characters are shown.

    Returns:
        The value in quotes; of signs that do not print the number is shown.

    >>> quote("a\\tb")
    "'a[U+0009]b'"
    """
    plain = "".join(sign if sign.isprintable() else f"[U+{ord(sign):04X}]" for sign in text)
    return f"'{plain if len(plain) <= most else plain[: most - 1] + '…'}'"
