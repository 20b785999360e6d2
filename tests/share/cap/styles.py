"""Messages in the styles of other services, with the verdict that the standard asks for.

Each was written by hand after what such a service publishes, and its verdict before the check was
asked. Names, numbers and places are made up.
"""

from __future__ import annotations

from dataclasses import dataclass

SPACE = "urn:oasis:names:tc:emergency:cap:1.2"
DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True)
class Style:
    """This is a message, and what has to be found about it; names of rules with spaces between."""

    content: str | bytes
    errors: str = ""
    told: str = ""
    """Warnings and notes."""
    words: tuple[str, ...] = ()
    """What its summary has to name."""


def alert(inside: str, *, space: str = SPACE, before: str = DECLARED) -> str:
    return f'{before}\n<alert xmlns="{space}">\n{inside}\n</alert>\n'


def head(
    identifier: str, sender: str, sent: str, *, kind: str = "Alert", more: str = ""
) -> str:  # fmt: skip
    return (
        f"<identifier>{identifier}</identifier><sender>{sender}</sender><sent>{sent}</sent>"
        f"<status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>{more}\n"
    )


def info(
    event: str, expires: str, area: str, *, language: str = "en", category: str = "Met",
    after_event: str = "", before_expires: str = "", after: str = "", certainty: str = "Likely",
) -> str:  # fmt: skip
    return (
        f"<info><language>{language}</language><category>{category}</category>"
        f"<event>{event}</event>{after_event}<urgency>Expected</urgency>"
        f"<severity>Severe</severity><certainty>{certainty}</certainty>{before_expires}"
        f"<expires>{expires}</expires>{after}\n<area>{area}</area></info>\n"
    )


def place(name: str, inside: str) -> str:
    return f"<areaDesc>{name}</areaDesc>{inside}"


RING = "<polygon>1,1 1,2 2,2 2,1 1,1</polygon>"
PLAIN = head("m-1", "a@example.org", "2026-11-25T10:00:00-00:00")
SOON = "2026-12-01T00:00:00-00:00"


def plain(area: str = RING, **more: str) -> str:
    return alert(PLAIN + info("Flood", SOON, place("North", area), **more))


def code(name: str, value: str) -> str:
    return f"<geocode><valueName>{name}</valueName><value>{value}</value></geocode>"


def parameter(name: str, value: str) -> str:
    return f"<parameter><valueName>{name}</valueName><value>{value}</value></parameter>"


BRAZIL = alert(
    head("urn:oid:2.49.0.0.76.0.2026.11.25.10.0.1", "alerta@weather.example.br",
         "2026-11-25T10:00:00-03:00")
    + info(
        "Chuvas Intensas", "2026-11-27T10:00:00-03:00",
        place("Aviso para as áreas: Norte, Sertão", "<polygon>-8.41,-36.02 -8.39,-35.8 "
              "-8.6,-35.7\n -8.41,-36.02</polygon>" + code("IBGE", "2600054")),
        language="pt-BR", after_event="<responseType>Prepare</responseType>",
        before_expires="<onset>2026-11-26T10:00:00-03:00</onset>",
        after="<senderName>Serviço de Meteorologia</senderName><headline>Perigo</headline>"
        "<web>https://alertas.weather.example.br/50123</web>"
        + parameter("ColorRisk", "#FF6600") + parameter("TimeStamp", "0"),
    )
)  # fmt: skip
INDONESIA = alert(
    head("2.49.0.1.360.0.2026.11.26.04.15.003", "info@weather.example.id",
         "2026-11-26T04:15:00+07:00", more="<code>CAP-ID</code>")
    + info(
        "Hujan Lebat dan Petir", "2026-11-26T07:15:00+07:00",
        place("Kabupaten Utara", "".join(
            f"<polygon>-6.{n},106.1 -6.{n},106.2 -6.{n + 2},106.2 -6.{n},106.1</polygon>"
            for n in (10, 30, 50)
        )),
        language="id", after_event="<responseType>Monitor</responseType>",
        before_expires="<effective>2026-11-26T04:15:00+07:00</effective>",
    )
)  # fmt: skip
UNITED_STATES = alert(
    "<!-- A comment stands where it likes. -->"
    + head("urn:oid:2.49.0.1.840.0.9b0.001.1", "w-nws.webmaster@weather.example",
           "2026-11-25T12:02:00-05:00", kind="Update",
           more="<code>IPAWSv1.0</code><references>w-nws.webmaster@weather.example,"
           "urn:oid:2.49.0.1.840.0.9af.001.1,2026-11-25T09:00:00-05:00\n"
           "w-nws.webmaster@weather.example,urn:oid:2.49.0.1.840.0.9ae.001.1,"
           "2026-11-25T06:00:00-05:00</references>")
    + info(
        "Flood Watch", "2026-11-26T20:00:00-05:00",
        place("North County; South County", code("SAME", "012345") + code("UGC", "FLZ123")),
        language="en-US",
        after_event="<responseType>Prepare</responseType><responseType>Avoid</responseType>",
        after=parameter("VTEC", "/O.CON.KXXX.FA.A.0001.000000T0000Z-261127T0100Z/")
        + parameter("BLOCKCHANNEL", "EAS") + parameter("BLOCKCHANNEL", "NWEM"),
    )
)  # fmt: skip
METEOALARM = alert(
    head("2.49.0.0.250.0.FR.20261125", "vigilance@weather.example.fr", "2026-11-25T16:00:00+00:00")
    + "".join(
        info(
            event, "2026-11-26T16:00:00+01:00", place("Côte", code("EMMA_ID", "FR006")),
            language=language, before_expires="<onset>2026-11-26T00:00:00+01:00</onset>",
            after=parameter("awareness_level", "3; orange; Severe")
            + parameter("awareness_type", "1; Wind"),
        )
        for language, event in (("fr-FR", "Vent violent orange"), ("en-GB", "Severe wind warning"))
    )
)  # fmt: skip
CHINA = alert(
    head("11000041600000_20261125183000", "北方气象台", "2026-11-25T18:30:00+08:00",
         more="<code>1100000000</code>")
    + info("大风", "2026-11-26T18:30:00+08:00", place("北方", code("行政区划代码", "110000")),
           language="zh-CN", after_event="<responseType>Monitor</responseType>",
           after="<senderName>气象台预警中心</senderName><headline>发布大风蓝色预警</headline>"
           "<description><![CDATA[预计 <24 小时> & 阵风7级]]></description>")
)  # fmt: skip
PHILIPPINES = alert(
    head("PAG-2026-0042", "https://weather.example.ph/", "2026-11-25T17:00:00+08:00")
    + info("Tropical Cyclone", "2026-11-25T23:00:00+08:00",
           place("Luzon", "<polygon></polygon><circle></circle>" + code("PSGC", "010000000")))
)  # fmt: skip
GHANA = (
    plain().replace("<alert xmlns=", "<cap:alert xmlns:cap=").replace("</alert>", "</cap:alert>")
)
for _name in ("identifier", "sender", "sent", "status", "msgType", "scope", "info", "language",
              "category", "event", "urgency", "severity", "certainty", "expires", "area",
              "areaDesc", "polygon"):  # fmt: skip
    GHANA = GHANA.replace(f"<{_name}>", f"<cap:{_name}>").replace(f"</{_name}>", f"</cap:{_name}>")
GHANA = GHANA.replace("?>\n", '?>\n<?xml-stylesheet type="text/xsl" href="cap.xsl"?>\n', 1)
CANADA = plain(after=parameter("layer:EC-MSC-SMC:1.0:Newly_Active_Areas", "")).replace(
    "</polygon>", "</polygon>" + code("profile:CAP-CP:Location:0.3", "1234567")
)
PICTURE = (
    "<resource><resourceDesc>map</resourceDesc><mimeType>{mime}</mimeType>{size}"
    "<uri>{uri}</uri>{inside}{digest}</resource>"
)
ABC = "<digest>A9993E364706816ABA3E25717850C26C9CD0D89D</digest>"


def picture(mime: str = "image/png", size: str = "", uri: str = "map.png", inside: str = "",
            digest: str = "") -> str:  # fmt: skip
    return plain(after=PICTURE.format(mime=mime, size=size, uri=uri, inside=inside, digest=digest))


BOMB = (
    DECLARED + '<!DOCTYPE alert [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {two} "{f"&{one};" * 10}">' for one, two in ("ab", "bc", "cd", "de"))
    + "]>" + plain().removeprefix(DECLARED).replace("North", "&e;")
)  # fmt: skip
OUTSIDE = plain().replace(
    "?>", '?><!DOCTYPE alert [<!ENTITY a SYSTEM "file:///etc/hostname">]>', 1
).replace("North", "&a;")  # fmt: skip

STYLES: dict[str, Style] = {
    "Brazil": Style(
        BRAZIL,
        "",
        "",
        ("Perigo", "Norte"),
    ),
    "Indonesia": Style(INDONESIA, "", "", ("3 shapes",)),
    "United States": Style(UNITED_STATES, "", "", ("Flood Watch",)),
    "MeteoAlarm": Style(
        METEOALARM,
        "",
        "time-utc",
        ("Vent", "Severe wind"),
    ),
    "China": Style(CHINA, "", "sender-unique", ("大风",)),
    "Philippines": Style(PHILIPPINES, "polygon-few circle-form", "expired"),
    "Ghana, with a prefix and a style sheet": Style(GHANA, "", "", ("North",)),
    "Canada, a parameter without a value": Style(CANADA, "", "value-empty"),
    "CAP 1.1": Style(plain().replace("cap:1.2", "cap:1.1"), "", "version"),
    "CAP 1.0": Style(plain().replace(SPACE, "http://www.incident.com/cap/1.0"), "root"),
    "the namespace in capitals": Style(plain().replace(SPACE, SPACE.upper()), "root"),
    "the address of the schema as namespace": Style(
        plain().replace(SPACE, "http://docs.oasis-open.org/emergency/cap/v1.2"),
        "root",
    ),
    "a mark of the order of bytes": Style(b"\xef\xbb\xbf" + plain().encode()),
    "UTF-16 with the lesser byte first": Style(
        b"\xff\xfe" + plain().replace("UTF-8", "UTF-16").encode("utf-16-le")
    ),
    "UTF-16 said, and UTF-8 written": Style(plain().replace("UTF-8", "UTF-16"), "readable"),
    "empty lines before the declaration": Style("\n\n" + plain(), "readable"),
    "CDATA in codes and shapes": Style(
        plain().replace(">Met<", "><![CDATA[Met]]><").replace(">1,1 1", "><![CDATA[1,1]]> 1"),
        "",
        "",
        ("1 shape",),
    ),
    "references to characters": Style(
        plain().replace("North", "C&#244;te &amp; R&#xe9;union"),
        "",
        "",
        ("Côte & Réunion",),
    ),
    "a name of HTML": Style(plain().replace("North", "C&ocirc;te"), "readable"),
    "entities that grow": Style(BOMB, "readable"),
    "an entity from a file": Style(OUTSIDE, "readable"),
    "compressed": Style(b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "readable"),
    "JSON": Style(b'{"identifier": "m-1"}', "readable"),
    "a page of HTML in its place": Style(
        b"<html><head><title>504</title></head><body/></html>", "root"
    ),
    "a circle of no radius": Style(plain("<circle>1.5,2.5 0</circle>")),
    "a circle in words": Style(plain("<circle>1.5,2.5 12 km</circle>"), "circle-form"),
    "a circle with its unit": Style(plain("<circle>1.5,2.5 12km</circle>"), "circle-form"),
    "a circle of three numbers": Style(plain("<circle>1.5,2.5,12</circle>"), "circle-form"),
    "a ring whose ends are written differently": Style(
        plain("<polygon>1.0,1 1,2 2,2 2,1 1,1.00</polygon>")
    ),
    "a point twice in a row": Style(plain("<polygon>1,1 1,1 1,2 2,2 2,1 1,1</polygon>")),
    "a space after each comma": Style(
        plain("<polygon>1, 1 1, 2 2, 2 1, 1</polygon>"), "polygon-form"
    ),
    "decimal commas": Style(
        plain("<polygon>1,5,1,5 1,5,2,5 2,5,2,5 1,5,1,5</polygon>"),
        "polygon-form",
    ),
    "pairs by lon,lat": Style(
        plain("<polygon>106,1 106,2 107,2 106,1</polygon>"), "latitude", "swapped"
    ),
    "an empty language": Style(
        plain().replace("<language>en<", "<language><"), "", "language-default"
    ),
    "a language for each text": Style(
        plain().replace("<event>", '<event xml:lang="en">'), "attribute"
    ),
    "where its schema lies": Style(
        plain().replace(
            "<alert ",
            '<alert xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            f'xsi:schemaLocation="{SPACE} CAP-v1.2.xsd" ',
        ),
    ),
    "an element of one's own": Style(
        plain(after="<x:level xmlns:x='urn:x'>3</x:level>"), "unknown-element"
    ),
    "an id for its signature": Style(plain().replace("<alert ", '<alert Id="a" '), "attribute"),
    "milliseconds": Style(plain().replace("10:00:00-00:00", "10:00:00.000-00:00"), "time"),
    "a zone without a colon": Style(plain().replace("10:00:00-00:00", "10:00:00-0000"), "time"),
    "a second that leaps": Style(
        plain().replace("2026-11-25T10:00:00-00:00", "2016-12-31T23:59:60-00:00"),
        "time",
    ),
    "the hour of the end": Style(plain().replace(SOON, "2026-11-25T10:00:00-00:00"), "", "expired"),
    "named readers of what is public": Style(
        plain().replace("</scope>", "</scope><addresses>one two</addresses>")
    ),
    "a certainty of CAP 1.0": Style(plain(certainty="Very Likely"), "code"),
    "a height that is no number": Style(plain(RING + "<altitude>NaN</altitude>"), "decimal"),
    "two events": Style(plain(after_event="<event>Storm</event>"), "repeated"),
    "two categories": Style(plain().replace("<category>", "<category>Geo</category><category>")),
    "a signature before what it signs": Style(
        plain().replace("<info>", '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/><info>'),
        "order",
        "signature-unread",
    ),
    "content in the message": Style(
        picture(inside="<derefUri>\n  YWJj\n</derefUri>", size="<size>3</size>", digest=ABC),
        "",
        "deref-network",
    ),
    "content by the alphabet of addresses": Style(
        picture(inside="<derefUri>_-_-</derefUri>"), "deref-base64", "deref-network"
    ),
    "content that is elsewhere, by half an address": Style(picture(), "uri-relative"),
    "a digest of SHA-256": Style(
        picture(uri="https://example.org/a", digest=f"<digest>{'ab' * 32}</digest>"),
        "digest",
    ),
    "a size in words": Style(
        picture(uri="https://example.org/a", size="<size>3 KB</size>"), "size"
    ),
    "no kind of a resource": Style(
        picture(uri="https://example.org/a").replace("<mimeType>image/png</mimeType>", ""),
        "required",
    ),
}
"""The messages by what they show."""
