"""Messages by the clause that decides, each with the verdict that it asks for.

Verdict and clause were written before the check was asked; the names of rules were added after.
Names, numbers and places are made up.
"""

from __future__ import annotations

import gzip

from share.cap.habits import FIRST, INFO, REFERS, SECOND, SENT, kind
from share.cap.styles import (
    DECLARED,
    RING,
    SOON,
    alert,
    code,
    head,
    info,
    parameter,
    place,
    plain,
)

THIRD = f"a@example.org,m-000,{SENT.replace('25T', '22T')}"
BOMB = '<!DOCTYPE alert [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'


def varied(old: str, new: str) -> str:
    content = plain()
    assert old in content, old
    return content.replace(old, new)


CLAUSES: dict[str, tuple[str, str, str, str | bytes]] = {
    "two people, one with a space": (
        "3.2.1",
        "",
        "",
        varied(
            "<scope>Public</scope>",
            '<scope>Private</scope><addresses>"John Smith" b@example.org</addresses>',
        ),
    ),
    "people in quotes that stay open": (
        "3.2.1",
        "quotes",
        "",
        varied(
            "<scope>Public</scope>",
            '<scope>Private</scope><addresses>"John Smith b@example.org</addresses>',
        ),
    ),
    "private to blanks": (
        "3.2.1",
        "addresses",
        "",
        varied("<scope>Public</scope>", "<scope>Private</scope><addresses>  </addresses>"),
    ),
    "incidents with spaces": (
        "3.2.1",
        "",
        "",
        varied("</scope>", '</scope><incidents>"Flood 2026" fire-3</incidents>'),
    ),
    "references of three messages, by lines": (
        "3.2.1",
        "",
        "",
        kind(
            "Update", more=f"<references>{FIRST}\n\t{SECOND}\n{THIRD}</references>", inside=INFO
        ).content,
    ),
    "references of which one has no time": (
        "3.2.1",
        "references-form",
        "",
        kind(
            "Update", more=f"<references>{FIRST} a@example.org,m-00</references>", inside=INFO
        ).content,
    ),
    "references by commas": (
        "3.2.1",
        "references-form",
        "",
        kind("Update", more=f"<references>{FIRST},{SECOND}</references>", inside=INFO).content,
    ),
    "a reference with the letter Z": (
        "3.2.1 3.3.2",
        "references-form",
        "",
        kind(
            "Update",
            more="<references>a@example.org,m-0,2026-11-24T10:00:00Z</references>",
            inside=INFO,
        ).content,
    ),
    "an Ack of nothing": ("3.2.1", "references-missing", "", kind("Ack").content),
    "an Error with its reason": (
        "3.2.1",
        "",
        "",
        kind("Error", more=f"<note>Not schema valid</note>{REFERS}").content,
    ),
    "an Error without its reason": (
        "3.2.1 SHOULD",
        "",
        "error-note",
        kind("Error", more=REFERS).content,
    ),
    "UTF-16, low byte first": (
        "XML 4.3.3",
        "",
        "",
        b"\xff\xfe" + plain().replace("UTF-8", "UTF-16").encode("utf-16-le"),
    ),
    "UTF-16 without its mark": (
        "XML 4.3.3 must begin with the mark",
        "byte-order",
        "",
        plain().replace("UTF-8", "UTF-16").encode("utf-16-be"),
    ),
    "a mark before UTF-8": ("XML 4.3.3", "", "", b"\xef\xbb\xbf" + plain().encode()),
    "CAP 1.0": (
        "namespace",
        "root",
        "",
        varied("urn:oasis:names:tc:emergency:cap:1.2", "http://www.incident.com/cap/1.0"),
    ),
    "CAP 1.1": ("older version", "", "version", varied("cap:1.2", "cap:1.1")),
    "CAP 1.3": ("namespace", "root", "", varied("cap:1.2", "cap:1.3")),
    "no name space": (
        "namespace",
        "root",
        "",
        varied(' xmlns="urn:oasis:names:tc:emergency:cap:1.2"', ""),
    ),
    "a bomb of entities": (
        "3.3.4",
        "readable",
        "",
        varied("<alert", BOMB + "<alert").replace("Flood", "&b;"),
    ),
    "a document type elsewhere": (
        "3.3.4",
        "readable",
        "",
        varied("<alert", '<!DOCTYPE alert SYSTEM "http://example.org/cap.dtd">\n<alert'),
    ),
    "where its schema lies": (
        "XSD part 1, 2.6",
        "",
        "",
        varied(
            "<alert ",
            '<alert xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            'xsi:schemaLocation="urn:oasis:names:tc:emergency:cap:1.2 CAP-v1.2.xsd" ',
        ),
    ),
    "a language on a text": (
        "3.4",
        "attribute",
        "",
        plain(after='<description xml:lang="en">Rain</description>'),
    ),
    "an element of another house at its end": (
        "3.4 any of xmldsig alone",
        "unknown-element",
        "",
        varied("</alert>", '<x:note xmlns:x="urn:example:x">a</x:note></alert>'),
    ),
    "sent 14 hours ahead": (
        "xs:dateTime",
        "",
        "",
        varied(SENT, "2026-11-25T10:00:00+14:00"),
    ),
    "sent 15 hours ahead": (
        "xs:dateTime up to 14:00",
        "time",
        "",
        varied(SENT, "2026-11-25T10:00:00+15:00"),
    ),
    "thousandths of a second": (
        "3.3.2",
        "time",
        "",
        varied(SENT, "2026-11-25T10:00:00.000-00:00"),
    ),
    "the thirtieth of February": (
        "3.3.2",
        "time",
        "",
        varied(SENT, "2026-02-30T10:00:00-00:00"),
    ),
    "a leap second": ("xs:dateTime", "time", "", varied(SENT, "2026-11-25T23:59:60-00:00")),
    "a headline that is empty": ("3.2.2 optional", "", "", plain(after="<headline></headline>")),
    "an event that is empty": (
        "3.2.2",
        "empty",
        "",
        varied("<event>Flood</event>", "<event> </event>"),
    ),
    "two events": (
        "3.2.2",
        "repeated",
        "",
        varied("</event>", "</event><event>Wind</event>"),
    ),
    "two urgencies": (
        "3.2.2",
        "repeated",
        "",
        varied("</urgency>", "</urgency><urgency>Past</urgency>"),
    ),
    "no category": ("3.2.2", "required", "", varied("<category>Met</category>", "")),
    "three categories": (
        "3.2.2",
        "",
        "",
        varied(
            "<category>Met</category>",
            "<category>Met</category><category>Safety</category><category>Infra</category>",
        ),
    ),
    "a category of a later edition": (
        "3.2.2",
        "code",
        "",
        varied("<category>Met</category>", "<category>Cyber</category>"),
    ),
    "the certainty of CAP 1.0": (
        "3.2.2 deprecated, not in the schema",
        "code",
        "",
        varied(">Likely<", ">Very Likely<"),
    ),
    "a height with an exponent": (
        "xs:decimal",
        "decimal",
        "",
        plain(RING + "<altitude>1e3</altitude>"),
    ),
    "a height with its unit": ("3.2.4", "decimal", "", plain(RING + "<altitude>500 ft</altitude>")),
    "a height between blanks": ("xs:decimal", "", "", plain(RING + "<altitude> 500 </altitude>")),
    "a language of one's own": ("RFC 3066", "", "", varied(">en<", ">x-office<")),
    "a language that stops short": ("RFC 3066", "language", "", varied(">en<", ">en-<")),
    "CAP-CP: layers, codes and two languages": (
        "CAP-CP",
        "",
        "",
        alert(
            head(
                "urn:oid:2.49.0.1.124.1",
                "cap-pac@weather.example.ca",
                "2026-11-25T10:00:00-00:00",
                more="<code>profile:CAP-CP:0.4</code><code>layer:SOREM:1.0</code>",
            )
            + "".join(
                info(
                    event,
                    SOON,
                    place("Ottawa", RING + code("profile:CAP-CP:Location:0.3", "3506008")),
                    language=tongue,
                    after_event="<responseType>Monitor</responseType>",
                    before_expires="<eventCode><valueName>profile:CAP-CP:Event:0.4</valueName><value>flood</value></eventCode>",
                    after=parameter("layer:SOREM:1.0:Broadcast_Immediately", "No"),
                )
                for tongue, event in (("en-CA", "flood"), ("fr-CA", "inondation"))
            )
        ),
    ),
    "IPAWS: a message for phones": (
        "IPAWS profile",
        "",
        "",
        alert(
            head(
                "CA-OES-1",
                "ipaws@oes.example.gov",
                "2026-11-25T02:00:00-08:00",
                more="<code>IPAWSv1.0</code>",
            )
            + info(
                "Civil Emergency Message",
                SOON,
                place("Sacramento", code("SAME", "006067")),
                language="en-US",
                category="Safety",
                after_event="<responseType>Shelter</responseType>",
                before_expires="<eventCode><valueName>SAME</valueName><value>CEM</value></eventCode>",
                after="<senderName>12345,OES,Desk</senderName>"
                + parameter("EAS-ORG", "CIV")
                + parameter("CMAMtext", "Civil emergency in this area until 4 PM. Shelter.")
                + parameter("CMAMlongtext", "Civil emergency." + " Stay inside." * 5),
            )
        ),
    ),
    "Australia: codes by addresses": (
        "CAP-AU",
        "",
        "",
        alert(
            head(
                "AU-FRNSW-1",
                "alerts@fire.example.au",
                "2026-11-25T21:00:00+11:00",
                more="<code>urn:oasis:names:tc:emergency:cap:1.2:profile:cap-au:1.0</code>",
            )
            + info(
                "Bushfire",
                SOON,
                place(
                    "Blue Mountains", RING + code("http://www.linked.data.example.au/asgs", "10300")
                ),
                language="en-AU",
                category="Fire",
                before_expires="<eventCode><valueName>https://govshare.example.au/cap-au/1.0</valueName><value>bushFire</value></eventCode>",
                after=parameter("AlertLevel", "Watch and Act"),
            )
        ),
    ),
    "a search engine's: who it is for, and whom to ask": (
        "Google public alerts",
        "",
        "",
        alert(
            head("com.example.alerts.2026.1", "alerts@example.org", "2026-11-25T10:00:00-00:00")
            + info(
                "Earthquake",
                SOON,
                place("15 km W of Town", "<circle>38.8,-122.8 0.0</circle>"),
                language="en-US",
                category="Geo",
                certainty="Observed",
                after_event="<responseType>None</responseType>",
                after="<senderName>Survey</senderName><headline>M 4.1</headline><web>https://example.org/eq/1</web><contact>ask@example.org</contact>"
                + parameter("Magnitude", "4.1"),
            )
        ),
    ),
    "a blank line before the declaration": ("XML 2.8", "readable", "", "\n" + plain()),
    "noughts behind the end": ("XML 2.1", "readable", "", plain().encode() + b"\0\0"),
    "an error page of a web server": (
        "3.2.1",
        "readable",
        "",
        "<!doctype html>\n<html><head><title>503</title></head><body>Busy</body></html>",
    ),
    "nothing at all": ("XML 2.1", "readable", "", b""),
    "packed by gzip": ("XML 2.1", "readable", "", gzip.compress(plain().encode())),
    "two messages in one file": (
        "XML 2.1",
        "readable",
        "",
        plain() + plain().removeprefix(DECLARED),
    ),
    "a control sign in a text": (
        "XML 2.2",
        "readable",
        "",
        plain(after="<description>a&#1;b</description>"),
    ),
    "a sign beyond sixteen bits": (
        "XML 2.2",
        "",
        "",
        plain(after="<description>\U0001f30a and &#x1F30A;</description>"),
    ),
    "an entity of HTML": (
        "XML 4.1",
        "readable",
        "",
        plain(after="<description>a&nbsp;b</description>"),
    ),
    "the order of a message by another program: note before code": (
        "3.4",
        "order",
        "",
        varied("</scope>", "</scope><note>n</note><code>c</code>"),
    ),
}
"""Clause, errors, warnings and notes, and the message, by what it shows."""
