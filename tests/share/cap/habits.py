"""More messages with habits of other services, each with the verdict that the standard asks for.

Verdicts were written before the check was asked. Names, numbers and places are made up.
"""

from __future__ import annotations

from share.cap.styles import (
    DECLARED,
    PLAIN,
    RING,
    SOON,
    Style,
    alert,
    code,
    head,
    info,
    parameter,
    place,
    plain,
)

SENT = "2026-11-25T10:00:00-00:00"
FIRST = f"a@example.org,m-0,{SENT.replace('25T', '24T')}"
SECOND = f"a@example.org,m-00,{SENT.replace('25T', '23T')}"
NORTH = place("North", RING)


def ring(text: str) -> Style:
    return Style(plain(f"<polygon>{text}</polygon>"))


def wrong(style: Style, errors: str, told: str = "") -> Style:
    return Style(style.content, errors, told)


def swap(old: str, new: str, errors: str = "", told: str = "") -> Style:
    """The plain message with one thing said otherwise."""
    content = plain()
    assert old in content, old
    return Style(content.replace(old, new), errors, told)


def kind(name: str, *, more: str = "", told: str = "", errors: str = "", inside: str = "") -> Style:
    content = alert(head("m-1", "a@example.org", SENT, kind=name, more=more) + inside)
    return Style(content, errors, told)


INFO = info("Flood", SOON, NORTH)
REFERS = f"<references>{FIRST}</references>"
NS0 = plain().replace("<alert xmlns=", "<ns0:alert xmlns:ns0=").replace("</alert>", "</ns0:alert>")
for _name in ("identifier", "sender", "sent", "status", "msgType", "scope", "info", "language",
              "category", "event", "urgency", "severity", "certainty", "expires", "area",
              "areaDesc", "polygon"):  # fmt: skip
    NS0 = NS0.replace(f"<{_name}>", f"<ns0:{_name}>").replace(f"</{_name}>", f"</ns0:{_name}>")
ENVELOPE = (
    f'{DECLARED}<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><contentObject>'
    "<xmlContent><embeddedXMLContent>" + plain().removeprefix(DECLARED).strip()
    + "</embeddedXMLContent></xmlContent></contentObject></EDXLDistribution>"
)  # fmt: skip
ACCENT = plain().replace("North", "Forêt")

HABITS: dict[str, Style] = {
    "three languages, each with its area": Style(
        alert(PLAIN + "".join(info(event, SOON, NORTH, language=language) for language, event in
                              (("fr", "Crue"), ("ar", "فيضان"), ("en", "Flood")))),
        "", "", ("Crue", "فيضان", "Flood"),
    ),
    "the last pair twice": ring("1,1 1,2 2,2 2,1 1,1 1,1"),
    "signs before all numbers": ring("+1.0,+1.0 +1.0,+2.0 +2.0,+2.0 +1.0,+1.0"),
    "pairs by lines": ring("1,1\n\t1,2\n\t2,2\n\t2,1\n\t1,1"),
    "pairs with a height": wrong(ring("1,1,0 1,2,0 2,2,0 1,1,0"), "polygon-form"),
    "pairs by semicolons": wrong(ring("1,1;1,2;2,2;1,1"), "polygon-form"),
    "one point four times": wrong(ring("1,1 1,1 1,1 1,1"), "polygon-flat"),
    "a bow": wrong(ring("1,1 2,2 1,2 2,1 1,1"), "polygon-crossing"),
    "a code alone": Style(plain(code("SAME", "006109"))),
    "a code, a circle and a polygon in one area": Style(
        plain(RING + "<circle>1.5,1.5 10</circle>" + code("SAME", "006109"))
    ),
    "the name of an area alone": Style(plain(""), "", "area-words"),
    "no area": Style(alert(PLAIN + INFO.replace(f"<area>{NORTH}</area>", ""))),
    "several references, one twice": kind(
        "Update", more=f"<references>{FIRST} {SECOND}\n{FIRST}</references>", inside=INFO,
        told="references-twice",
    ),
    "an Update without references": kind("Update", inside=INFO, errors="references-missing"),
    "a Cancel without info": kind("Cancel", more=REFERS),
    "an Ack without info": kind("Ack", more=REFERS),
    "a kind of one's own": kind("AllClear", inside=INFO, errors="code"),
    "expired years ago": Style(
        plain().replace(SENT, "2019-03-01T00:00:00-00:00").replace(
            SOON, "2019-03-02T00:00:00-00:00"), "", "expired",
    ),
    "no end": swap(f"<expires>{SOON}</expires>", "", "", "expires-missing"),
    "the letter Z": swap(SENT, "2026-11-25T10:00:00Z", "time-letter"),
    "no zone": swap(SENT, "2026-11-25T10:00:00", "time"),
    "no seconds": swap(SENT, "2026-11-25T10:00-00:00", "time"),
    "it ends before it is sent": swap(SOON, "2026-11-25T09:00:00-00:00", "expires-sent", "expired"),
    "it ends before it takes effect": swap(
        "<expires>", "<effective>2026-12-02T00:00:00-00:00</effective><expires>",
        "expires-effective",
    ),
    "it ends before it begins": swap(
        "<expires>", "<onset>2026-12-02T00:00:00-00:00</onset><expires>", "", "expires-onset"
    ),
    "sent next year": Style(
        plain().replace(SENT, "2027-11-25T10:00:00-00:00").replace(
            SOON, "2027-12-01T00:00:00-00:00"), "", "sent-future",
    ),
    "a status in small letters": swap("Actual", "actual", "code"),
    "a scope in small letters": swap("Public", "public", "code"),
    "a category in full": swap(">Met<", ">Meteorological<", "code"),
    "a severity of one's own": swap(">Severe<", ">High<", "code"),
    "Private to nobody": swap("Public", "Private", "addresses"),
    "Restricted by nothing": swap("Public", "Restricted", "restriction"),
    "Public and restricted": swap(
        "</scope>", "</scope><restriction>staff</restriction>", "", "restriction-unused"
    ),
    "spaces in an identifier": swap(">m-1<", ">m 1<", "identifier-characters"),
    "a comma in a sender": swap("a@example.org", "a@example.org,b", "sender-characters"),
    "quotes that stay open": swap(
        "</scope>", '</scope><incidents>"one two</incidents>', "quotes"
    ),
    "an exercise without its name": swap("Actual", "Exercise", "", "exercise-note"),
    "a test without a note": swap("Actual", "Test"),
    "None beside another response": Style(
        plain(after_event="<responseType>Monitor</responseType><responseType>None</responseType>"),
        "", "response-none",
    ),
    "Avoid in CAP 1.1": Style(
        plain(after_event="<responseType>Avoid</responseType>").replace("cap:1.2", "cap:1.1"),
        "response-version", "version",
    ),
    # The verdict written down was an error; decision 127 has why it is none.
    "an address without its scheme": Style(
        plain(after="<web>www.example.org</web>"), "", "web-bare"
    ),
    "a contact that is empty": Style(plain(after="<contact></contact>")),
    "a value without a name": Style(
        plain(after="<parameter><value>3</value></parameter>"), "required"
    ),
    "a name whose value is missing": Style(
        plain(after="<parameter><valueName>a</valueName></parameter>"), "required"
    ),
    "marks of HTML as text": Style(
        plain(after="<description>&lt;p&gt;Rain&lt;/p&gt;</description>")
    ),
    "marks of HTML as elements": Style(
        plain(after="<description><p>Rain</p></description>"), "unknown-element"
    ),
    "a headline before who sends": Style(
        plain(after="<headline>Rain</headline><senderName>Office</senderName>"), "order"
    ),
    "a language in capitals": swap(">en<", ">EN<"),
    "a language by its name": swap(">en<", ">english<", "", "language-unlikely"),
    "a language with a low line": swap(">en<", ">fr_FR<", "language"),
    "a ceiling below": Style(
        plain(RING + "<altitude>500</altitude><ceiling>100</ceiling>"), "ceiling-below"
    ),
    "from below the sea": Style(plain(RING + "<altitude>-5</altitude><ceiling>100</ceiling>")),
    "an envelope of EDXL": Style(ENVELOPE, "", "envelope"),
    "the prefix of a library": Style(NS0),
    "a mark of the order of bytes, UTF-16": Style(
        b"\xfe\xff" + plain().replace("UTF-8", "UTF-16").encode("utf-16-be")
    ),
    "Latin 1, and said so": Style(ACCENT.replace("UTF-8", "ISO-8859-1").encode("latin-1"), "", "",
                                  ("Forêt",)),
    "Windows's signs, and said so": Style(
        ACCENT.replace("UTF-8", "windows-1252").encode("cp1252"), "", "", ("Forêt",)
    ),
    "Latin 1, and UTF-8 said": Style(ACCENT.encode("latin-1"), "readable"),
    "content in the message alone": Style(
        plain(after="<resource><resourceDesc>map</resourceDesc><mimeType>text/plain</mimeType>"
              "<derefUri>YWJj</derefUri></resource>"), "", "deref-network",
    ),
    "an empty signature at its end": Style(
        plain().replace("</alert>", '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'
                        "</alert>"), "", "signature-unread",
    ),
    "a parameter twice": Style(plain(after=parameter("a", "1") + parameter("a", "2"))),
}  # fmt: skip
"""The messages by what they show."""
