"""Three languages with the same words, and each word in use."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from tocsin.schema.tables.anticipated.diffusion import CONTROLS
from tocsin.schema.vocabulary.field_form import choices, survey
from tocsin.schema.vocabulary.technology import TECHNOLOGIES
from tocsin.share.server.access.reader import ROLES
from tocsin.share.server.pages.field import SHOWN
from tocsin.share.server.web.language import LANGUAGES, Told, Words

PAGES = files("tocsin.share.server.pages")


def told(language: str) -> dict[str, object]:
    return tomllib.loads(PAGES.joinpath(f"words/{language}.toml").read_text("utf-8"))


def places(text: object) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(str(text)) if name}


def test_each_language_has_the_same_words_with_the_same_places() -> None:
    for one, other in pairwise(map(told, LANGUAGES)):
        assert one.keys() == other.keys()
        for key, value in one.items():
            if isinstance(value, dict):
                theirs = other[key]
                assert isinstance(theirs, dict)
                assert value.keys() == theirs.keys()
            else:
                assert places(value) == places(other[key]), key


def test_no_word_is_without_use() -> None:
    folder = Path(str(PAGES.joinpath("templates")))
    text = "".join(one.read_text("utf-8") for one in folder.rglob("*.j2"))
    for name in (
        "web/language.py",
        "pages/drawing.py",
        "delivery/digest.py",
        "delivery/mailing.py",
    ):
        text += files("tocsin.share.server").joinpath(name).read_text("utf-8")
    used = set(
        re.findall(r"""(?:words|self)(?:\.of|\.table|\.list_words)?\(\s*["'](\w+)["']""", text)
    )
    assert set(told("en")) <= used


def test_the_form_has_a_word_for_each_question_and_choice() -> None:
    words = told("en")
    kinds = {row["name"]: row["type"].partition(" ")[2] for row in survey()}
    assert set(SHOWN) == set(words["questions"])  # type: ignore[call-overload]
    wanted = {one for name in SHOWN if kinds[name] for one in choices(kinds[name])}
    assert set(TECHNOLOGIES) == set(words["technologies"])  # type: ignore[call-overload]
    assert set(CONTROLS) == set(words["controls"])  # type: ignore[call-overload]
    assert wanted == set(words["choices"])  # type: ignore[call-overload]
    assert set(ROLES) == set(words["roles"])  # type: ignore[call-overload]


ROOMS = (
    "pages", "web", "access/refusals.py", "accounts/people.py", "accounts/oidc.py",
    "api/managing.py", "database/objects.py", "desk/acts.py", "desk/handling.py",
    "neighbours/proposals.py",
)  # fmt: skip
"""Where errors are raised that people meet on a page."""
FOR_OPERATORS = {
    "The service's address is not protected.", "Your role does not operate the server.",
    "Give an issuer whose addresses begin with https://.", "Send a shorter one.",
    "The file with the secret cannot be read.",
}  # fmt: skip


def sentences() -> set[str]:
    """The sentences without numbers that errors are made of."""
    server, found = Path(str(files("tocsin.share.server"))), set()
    paths = [
        path
        for room in ROOMS
        for path in ([server / room] if room.endswith(".py") else (server / room).rglob("*.py"))
    ]
    kinds = {"NotAllowed", "NotSignedIn", "UsageError", "TocsinError", "__init__"}
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and kinds & {
                getattr(node.func, "id", ""), getattr(node.func, "attr", ""),
            }:  # fmt: skip
                told = [
                    *node.args[:1],
                    *(one.value for one in node.keywords if one.arg == "remedy"),
                ]
                found |= {
                    one.value
                    for one in told
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return {one for one in found if one} - FOR_OPERATORS


@pytest.mark.slow
def test_errors_that_people_meet_have_words_in_each_language() -> None:
    known = told("fr")["errors"]
    assert isinstance(known, dict)
    assert len(sentences()) > 40
    assert sentences() - set(known) == set()


def test_a_number_in_an_error_is_kept() -> None:
    assert Words("fr").error("Wait 7 seconds.").text == "Attendez 7 secondes."
    assert Words("ar").error("Odd and new.") == Told("Odd and new.", english=True)


def test_french_has_no_line_that_begins_with_its_signs() -> None:
    """Before : ; ? ! and », and behind «, stands a space at which no line breaks."""
    share = Path(str(files("tocsin.share")))
    for path in (share / "server/pages/words/fr.toml", share / "page/words/fr.toml"):
        assert re.findall(r".* [:;?!»](?:[ \"\\.,)]|$).*", path.read_text("utf-8")) == []
    for path in (share / "page/words").glob("*.toml"):
        whole = tomllib.loads(path.read_text("utf-8"))
        assert not re.search(r" [:;?!»](?:[ .,)]|$)", str(list(strings(whole.get("fr", {})))))


def strings(told: object) -> Iterator[str]:
    if isinstance(told, dict):
        for one in told.values():
            yield from strings(one)
    else:
        yield str(told)


def test_ties_are_said_in_the_readers_language() -> None:
    said = "SNA (UCDP 22.1: A – alliance – B), 43% of the rate"
    said += "; IS (both active in Syria), 5% of the rate"
    assert Words("en").ties(said) == Told(said)
    french = Words("fr").ties(said).text
    assert "43 % du taux" in french.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Syrie" in french
    assert "both" not in french
    assert "سوريا" in Words("ar").ties(said).text
    assert Words("fr").ties("in another form") == Told("in another form", english=True)
    maoist = (
        "CPI (Maoist) (UCDP (22.1): A – alliance – B), 43% of the rate; CPI (Maoist) (both active"
    )
    bracketed = Words("fr").ties(f"{maoist} in India), 5% of the rate").text
    assert bracketed.count("CPI (Maoist)") == 2
    assert "UCDP (22.1): A – alliance – B" in bracketed
    assert "Inde" in bracketed
    broken = "A both) active in India), 5% of the rate"
    assert Words("fr").ties(broken) == Told(broken, english=True)
    odd = "A (both active in Nowhere), 5% of the rate"
    assert "Nowhere" in Words("fr").ties(odd).text
