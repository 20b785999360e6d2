"""Messages right and wrong, as senders write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from share.cap.clauses import CLAUSES
from share.cap.contents import CONTENTS
from share.cap.habits import HABITS
from share.cap.styles import STYLES
from tocsin.share.cap import RULES, check

NOW = datetime(2026, 11, 26, tzinfo=UTC)
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>m-1</identifier><sender>a@example.org</sender>
  <sent>2026-11-25T10:00:00-00:00</sent><status>Actual</status><msgType>Alert</msgType>
  <scope>Public</scope>
"""
INFO = """  <info><language>en</language><category>Security</category><event>Unrest</event>
    <urgency>Future</urgency><severity>Severe</severity><certainty>Likely</certainty>
    <expires>2026-12-01T00:00:00-00:00</expires>
    <area><areaDesc>North</areaDesc>
      <polygon>1,1 1,2 2,2 2,1 1,1</polygon></area></info>
"""
WHOLE = HEAD + INFO + "</alert>"


def rules(text: str | bytes, *severities: str) -> set[str]:
    """The rules that a message breaks."""
    content = text if isinstance(text, bytes) else text.encode()
    found = check({"m.xml": content}, now=NOW)[0]
    return {one.rule for one in found.findings if one.severity in (severities or ("error",))}


def test_a_right_message_has_no_finding() -> None:
    found = check({"m.xml": WHOLE.encode()}, now=NOW)[0]
    assert found.findings == ()
    assert found.valid
    assert "Unrest for North" in found.summary
    assert "in force until 2026-12-01" in found.summary


CASES = {
    "required": ("<status>Actual</status>", ""),
    "code": ("Actual", "actual"),
    "time-letter": ("10:00:00-00:00", "10:00:00Z"),
    "time": ("2026-11-25T10", "2026-02-30T10"),
    "identifier-characters": ("m-1", "m 1"),
    "sender-characters": ("a@example.org", "a,b@example.org"),
    "references-missing": ("<msgType>Alert", "<msgType>Update"),
    "restriction": ("<scope>Public", "<scope>Restricted"),
    "addresses": ("<scope>Public", "<scope>Private"),
    "empty": ("<event>Unrest", "<event>"),
    "repeated": ("<urgency>Future</urgency>", "<urgency>Future</urgency><urgency>Past</urgency>"),
    "order": (
        "<urgency>Future</urgency><severity>Severe</severity>",
        "<severity>Severe</severity><urgency>Future</urgency>",
    ),
    "unknown-element": ("<event>", "<colour>red</colour><event>"),
    "attribute": ("<event>", '<event id="1">'),
    "mixed-text": ("<area>", "north<area>"),
    "language": ("<language>en", "<language>en_US"),
    "expires-sent": ("2026-12-01T", "2026-11-01T"),
    "expires-effective": ("<expires>", "<effective>2026-12-02T00:00:00-00:00</effective><expires>"),
    "web": ("    <area>", "<web>page.html</web><area>"),
    "polygon-open": ("2,1 1,1", "2,1"),
    "polygon-few": ("1,1 1,2 2,2 2,1 1,1", "1,1 1,2 1,1"),
    "polygon-form": ("1,1 1,2", "1;1 1,2"),
    "polygon-crossing": ("1,1 1,2 2,2 2,1 1,1", "1,1 2,2 1,2 2,1 1,1"),
    "polygon-flat": ("1,1 1,2 2,2 2,1 1,1", "1,1 2,2 3,3 1,1"),
    "latitude": ("2,2", "92,2"),
    "longitude": ("2,2", "2,200"),
    "identifier-characters ": ("m-1", " m-1 "),
    "web ": ("    <area>", "<web>warnings.html</web><area>"),
    "polygon-crossing ": ("1,1 1,2 2,2 2,1 1,1", "1,179 2,-179 1,-179 2,179 1,179"),
    "time ": ("10:00:00-00:00", "10:00:00+14:30"),
    "circle-form": ("</polygon>", "</polygon><circle>1,1</circle>"),
    "circle-radius": ("</polygon>", "</polygon><circle>1,1 -2</circle>"),
    "ceiling-alone": ("</polygon>", "</polygon><ceiling>5</ceiling>"),
    "ceiling-below": ("</polygon>", "</polygon><altitude>9</altitude><ceiling>5</ceiling>"),
    "decimal": ("</polygon>", "</polygon><altitude>1e3</altitude>"),
    "readable": ("<alert", "<!DOCTYPE alert><alert"),
    "root": ("cap:1.2", "cap:9.9"),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_fault_is_found_under_its_rule(rule: str) -> None:
    before, after = CASES[rule]
    assert before in WHOLE
    assert rule.strip() in rules(WHOLE.replace(before, after, 1))


RESOURCE = (
    "<resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType><size>3</size>"
    "<uri>https://example.org/a.png</uri><derefUri>YWJj</derefUri>"
    "<digest>a9993e364706816aba3e25717850c26c9cd0d89d</digest></resource><area>"
)
"""The digest is that of 'abc', the first example of FIPS 180-2."""


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("mime", "image/png", "png"),
        ("size", ">3<", ">three<"),
        ("deref-base64", "YWJj", "YW!j"),
        ("digest", "a9993e36", "xyz"),
        ("digest-differs", "a9993e36", "b9993e36"),
    ],
)
def test_a_resource_is_what_it_says(rule: str, before: str, after: str) -> None:
    whole = WHOLE.replace("<area>", RESOURCE, 1)
    assert rules(whole) == set()
    assert rule in rules(whole.replace(before, after, 1))


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("time-utc", "10:00:00-00:00", "10:00:00+00:00"),
        ("time-midnight", "25T10:00:00", "24T24:00:00"),
        ("web-bare", "    <area>", "<web>www.example.org/warnings</web><area>"),
        ("polygon-touching", "1,1 1,2 2,2 2,1 1,1", "0,0 0,2 2,2 0,1 2,0 0,0"),
        ("polygon-touching", "1,1 1,2 2,2 2,1 1,1", "0,0 0,4 4,4 4,0 0,0 1,1 2,1 2,2 1,2 1,1 0,0"),
        ("polygon-dateline", "1,1 1,2 2,2 2,1 1,1", "1,179 1,-179 2,-179 2,179 1,179"),
        ("polygon-dateline", "1,1 1,2 2,2 2,1 1,1", "-90,-180 -90,180 90,180 90,-180 -90,-180"),
        ("polygon-pole", "1,1 1,2 2,2 2,1 1,1", "80,-180 80,-90 80,0 80,90 80,180 80,-180"),
        ("expires-missing", "    <expires>2026-12-01T00:00:00-00:00</expires>\n", ""),
        ("expired", "2026-12-01", "2026-11-26"),
        ("expires-onset", "<expires>", "<onset>2026-12-02T00:00:00-00:00</onset><expires>"),
        ("sent-future", "2026-11-25T", "2026-11-27T"),
        ("sender-unique", "a@example.org", "office"),
        ("language-default", "<language>en</language>", ""),
        ("version", "cap:1.2", "cap:1.1"),
        ("hidden-characters", "Unrest", "Un\u202erest"),
        ("swapped", "1,1 1,2 2,2 2,1 1,1", "120,1 120,2 121,2 121,1 120,1"),
        ("restriction-unused", "</scope>", "</scope><restriction>partners</restriction>"),
    ],
)
def test_what_may_be_misread_is_told_and_stays_valid(rule: str, before: str, after: str) -> None:
    assert before in WHOLE
    changed = WHOLE.replace(before, after, 1)
    assert rule in rules(changed, "warning", "note")
    assert rules(changed) <= {"latitude"}


def test_a_cancel_and_an_update_know_what_they_follow() -> None:
    update = (
        WHOLE.replace("m-1", "m-2")
        .replace("T10:", "T11:")
        .replace(">Alert<", ">Update<")
        .replace(
            "</scope>",
            "</scope><references>a@example.org,m-1,2026-11-25T10:00:00-00:00</references>",
        )
    )
    both = {"1.xml": WHOLE.encode(), "2.xml": update.encode()}
    assert all(one.findings == () for one in check(both, now=NOW))
    elsewhen = update.replace("25T10:00:00-00:00</ref", "25T09:00:00-00:00</ref")
    wrong = {**both, "2.xml": elsewhen.encode()}
    assert [one.rule for one in check(wrong, now=NOW)[1].findings] == ["reference-time"]
    itself = update.replace("org,m-1", "org,m-2")
    assert "references-itself" in rules(itself)
    later = update.replace("25T10:00:00-00:00</ref", "25T12:00:00-00:00</ref")
    assert "references-later" in rules(later)


def test_an_identifier_is_used_once() -> None:
    later = WHOLE.replace("Unrest", "Flood").replace("T10:", "T11:")
    found = check({"1.xml": later.encode(), "2.xml": WHOLE.encode()}, now=NOW)
    # The earlier message owns its identifier, in whichever order the files are given.
    assert found[1].valid
    assert [one.rule for one in found[0].findings] == ["identifier-reused"]
    copied = {"1.xml": WHOLE.encode(), "2.xml": WHOLE.encode()}
    assert not any(one.findings for one in check(copied, now=NOW))


def test_which_of_two_copies_was_altered_is_not_guessed() -> None:
    broken = WHOLE.replace("Severe", "High").encode()
    found = check({"1.xml": broken, "2.xml": WHOLE.encode()}, now=NOW)
    assert [one.valid for one in found] == [False, True]
    assert [one.rule for one in found[1].findings] == ["identifier-altered"]


def test_the_place_of_a_fault_is_told() -> None:
    wrong = WHOLE.replace("<severity>Severe", "<severity>High")
    found = check({"m.xml": wrong.encode()}, now=NOW)[0].findings[0]
    assert (found.line, found.where) == (7, "info[1]/severity")
    assert "'High'" in found.what
    assert found.remedy


@pytest.mark.parametrize(
    "content",
    [b"", b"<", b"\xff\xfe\x00", b"<alert/>", b'<?xml version="1.0" encoding="x-none"?><a/>'],
    ids=["empty", "cut", "bytes", "bare", "encoding"],
)
def test_what_is_no_message_is_said_to_be_none(content: bytes) -> None:
    assert rules(content) <= {"readable", "root"}
    assert rules(content)


def test_depth_is_bounded() -> None:
    deep = b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">' + b"<a>" * 500 + b"</a>" * 500
    assert "readable" in rules(deep + b"</alert>")


def test_a_feed_is_checked_with_the_messages_in_it() -> None:
    inside = (HEAD + INFO.replace("Severe", "High") + "</alert>").split("?>", 1)[1]
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>t</title>'
        "<updated>2026-11-26T00:00:00Z</updated><author><name>n</name></author><entry><id>e</id>"
        f"<title>t</title><updated>2026-11-26T00:00:00Z</updated><content>{inside}</content>"
        "</entry></feed>"
    )
    assert rules(atom) == {"code"}
    assert rules(atom.replace("High", "Severe")) == set()
    assert rules(atom.replace("<id>e</id>", "").replace("High", "Severe")) == {"feed-required"}
    head = "<title>t</title><link>l</link><description>d</description>"
    rss = f"<rss><channel>{head}{{}}</channel></rss>"
    assert rules(rss.format("<item><title>a</title></item>")) == set()
    assert rules(rss.format("<item><pubDate>someday</pubDate></item>")) == {
        "feed-required", "feed-time",
    }  # fmt: skip


def test_messages_in_an_envelope_are_checked_where_they_stand() -> None:
    inside = (HEAD + INFO + "</alert>").split("?>", 1)[1]
    envelope = (
        '<d:EDXLDistribution xmlns:d="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><d:contentObject>'
        f"{inside}</d:contentObject>\n<d:contentObject>{{}}</d:contentObject></d:EDXLDistribution>"
    )
    right = check({"m.xml": envelope.format(inside.replace("m-1", "m-2")).encode()}, now=NOW)[0]
    assert right.valid
    assert [one.rule for one in right.findings] == ["envelope"]
    assert "2 messages inside" in right.summary
    wrong = check({"m.xml": envelope.format(inside.replace("Future", "Foo")).encode()}, now=NOW)[0]
    assert [(one.rule, one.line) for one in wrong.findings if one.severity == "error"] == [
        ("code", 18)
    ]
    assert rules(envelope.replace(inside, "").format("")) == {"root"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "shift_jis", "gb18030"])
def test_a_message_is_read_in_the_encoding_that_it_names(encoding: str) -> None:
    word = {"shift_jis": "警報", "gb18030": "北京"}.get(encoding, "Réunion")
    named = encoding.removesuffix("-sig")
    text = WHOLE.replace("North", word).replace("UTF-8", named)
    found = check({"m.xml": text.encode(encoding)}, now=NOW)[0]
    assert found.findings == ()
    assert word in found.summary


@pytest.mark.parametrize("name", [*STYLES, *HABITS])
def test_messages_of_other_services_get_the_verdict_of_the_standard(name: str) -> None:
    style = (STYLES | HABITS)[name]
    content = style.content.encode() if isinstance(style.content, str) else style.content
    found = check({"m.xml": content}, now=NOW)[0]
    assert rules(content) == set(style.errors.split())
    assert rules(content, "warning", "note") == set(style.told.split())
    assert all(word in found.summary for word in style.words), found.summary


@pytest.mark.parametrize("name", [*CLAUSES, *CONTENTS])
def test_messages_get_the_verdict_of_the_clause(name: str) -> None:
    _clause, errors, told, message = (CLAUSES | CONTENTS)[name]
    content = message.encode() if isinstance(message, str) else message
    assert rules(content) == set(errors.split())
    assert rules(content, "warning", "note") == set(told.split())


def test_a_chain_of_updates_ends_in_its_cancel() -> None:
    """Each message names all that came before it, and the last one takes them back."""
    chain, before = {}, ""
    for n, kind in enumerate(("Alert", "Update", "Update", "Cancel"), start=1):
        told = (
            WHOLE.replace("m-1", f"m-{n}")
            .replace("T10:", f"T1{n}:")
            .replace(">Alert<", f">{kind}<")
        )
        if before:
            told = told.replace(
                "</scope>", f"</scope><note>all</note><references>{before}</references>"
            )
        before += f" a@example.org,m-{n},2026-11-25T1{n}:00:00-00:00"
        chain[f"{n}.xml"] = told.encode()
    assert [one.findings for one in check(chain, now=NOW)] == [()] * 4
    unsaid = {**chain, "4.xml": chain["4.xml"].replace(b"<note>all</note>", b"")}
    assert [one.rule for one in check(unsaid, now=NOW)[3].findings] == ["cancel-several"]
    # What is taken back cannot be updated any more.
    again = chain["4.xml"].decode().replace("m-4", "m-5").replace("T14:", "T15:")
    again = again.replace(">Cancel<", ">Update<").replace(
        "<references>", "<references>" + before.split()[-1] + " "
    )
    found = check({**chain, "5.xml": again.encode()}, now=NOW)[4]
    assert [one.rule for one in found.findings] == ["reference-kind"]


def test_there_are_forty_rules_and_each_names_its_clause() -> None:
    assert len(RULES) >= 40
    assert all(rule.clause and rule.meaning.endswith(".") for rule in RULES.values())


def test_a_network_s_own_message_needs_no_info() -> None:
    """A sign of life of a network tells by its code (CAP 1.2, 3.2.1: System)."""
    system = HEAD.replace("Actual", "System") + "<code>SIGN-OF-LIFE</code></alert>"
    assert rules(system, "error", "warning", "note") == set()
    assert "info-missing" in rules(HEAD + "</alert>", "warning")
