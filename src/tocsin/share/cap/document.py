"""An XML document as a small tree that remembers the line of each element.

Nothing is ever fetched: a document type, an entity and an external reference are refused, as the
standard's own advice on hostile messages asks for (CAP 1.2, 3.3.4).
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_namespaces

from tocsin.errors import require

MAX_BYTES = 10 * 1024 * 1024
"""A message may have so many bytes; one with an embedded picture is far below it."""
SEVERAL_BYTES = re.compile(
    rb"""(<\?xml[^>]{0,100}?encoding\s*=\s*["'])((?!utf)[A-Za-z][\w.-]{0,40})""", re.IGNORECASE
)
"""A declaration that names an encoding other than UTF-8 and UTF-16."""
OF_PYTHON = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
"""Codecs that only Python calls encodings; any other program reads such a document otherwise."""
WHITE = " \t\r\n"
"""White space as XML has it; what other signs look white, such as the no-break space, is text."""
MAX_DEPTH = 60
"""Elements may stand so deep in each other; a signature needs nine."""


class Unreadable(Exception):
    """The bytes are no XML that may be read.

    Args:
        what: what is wrong, one sentence.
        line: the line, from 1 on; 0 where it is not known.
    """

    def __init__(self, what: str, line: int = 0) -> None:
        self.what = what
        self.line = line
        super().__init__(what)


@dataclass
class Element:
    """This is one element, with the text directly inside it."""

    space: str
    """Its namespace; empty: none."""
    name: str
    """Its name without a prefix."""
    line: int
    """The line on which it begins, from 1 on."""
    attributes: dict[tuple[str, str], str] = field(default_factory=dict)
    """Attributes by (namespace, name), without the declarations of namespaces."""
    text: str = ""
    """All text that stands directly inside it, as written."""
    children: list[Element] = field(default_factory=list)
    """The elements inside it, in their order."""

    def all(self, name: str) -> list[Element]:
        """Give the children of a name in this element's own namespace.

        Args:
            name: the name, without a prefix.

        Returns:
            The children in their order; an empty list where there is none.
        """
        return [one for one in self.children if one.name == name and one.space == self.space]

    def first(self, name: str) -> Element | None:
        """Give the first child of a name.

        Args:
            name: the name, without a prefix.

        Returns:
            The child; None where there is none.
        """
        return next(iter(self.all(name)), None)

    def value(self, name: str) -> str:
        """Give the text of the first child of a name, without spaces around it.

        Args:
            name: the name, without a prefix.

        Returns:
            The text; empty where there is no such child or nothing in it.
        """
        child = self.first(name)
        return child.text.strip(WHITE) if child else ""

    def walk(self) -> Iterator[Element]:
        """Yield this element and all below it, each before what is inside it."""
        yield self
        for child in self.children:
            yield from child.walk()


def split_words(text: str) -> list[str]:
    """Split a text at white space as XML has it.

    Args:
        text: the text of an element.

    Returns:
        The words in their order.

    >>> split_words("1,1 1,2\\n2,2")
    ['1,1', '1,2', '2,2']
    """
    return re.findall(rf"[^{WHITE}]+", text)


def read(content: bytes) -> Element:
    """Read a document.

    Args:
        content: the bytes of the file, in any encoding that its first line names.

    Returns:
        The outermost element.

    Raises:
        Unreadable: it is too large or too deep, is no XML, or has a document type or entities.
        MissingExtra: defusedxml is not installed.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable(f"the file has {len(content):,} bytes; at most {MAX_BYTES:,} are read")
    defused: Any = require("defusedxml.sax", extra="share")
    errors: Any = require("defusedxml.common", extra="share")
    parser = defused.make_parser()
    _check_declared(content)
    tree = _Tree(parser)
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(tree)
    parser.forbid_dtd = True
    try:
        parser.feed(content)
        parser.close()
    except errors.DefusedXmlException as error:
        line = parser.getLineNumber() or 0
        raise Unreadable(
            "there is a document type or an entity, which is never read since it can fetch "
            "files or grow without end",
            line,
        ) from error
    except SAXException as error:
        line = getattr(error, "getLineNumber", lambda: 0)() or 0
        raise Unreadable(f"this is no XML: {error.getMessage()}", line) from error
    except (LookupError, ValueError) as error:
        if several := SEVERAL_BYTES.match(content):
            return read(_in_utf8(content, several))
        raise Unreadable(f"this is no XML: {error}") from error
    if tree.root is None:
        raise Unreadable("the file is empty")
    return tree.root


def _check_declared(content: bytes) -> None:
    """Refuse a declaration that the bytes contradict, or that other programs do not know."""
    declared = SEVERAL_BYTES.match(content.removeprefix(BOM_UTF8))
    if declared is None:
        return
    name = declared[2].decode("ascii")
    if content.startswith(BOM_UTF8):
        what = f"it begins with the mark of UTF-8 and says that it is in {name} (XML 1.0, 4.3.3)"
        raise Unreadable(what, 1)
    if name.lower().replace("_", "-") in OF_PYTHON:
        raise Unreadable(f"there is no encoding '{name}' of XML", 1)


def _in_utf8(content: bytes, declared: re.Match[bytes]) -> bytes:
    """The same document in UTF-8; the parser reads no other encoding of several bytes a sign."""
    name = declared[2].decode("ascii")
    try:
        text = content[declared.end(2) :].decode(name)
    except (LookupError, ValueError) as error:
        raise Unreadable(f"this is no XML in {name}: {error}") from error
    return declared[1] + b"utf-8" + text.encode()


class _Tree(ContentHandler):
    """Builds the tree from the parser's events."""

    def __init__(self, parser: Any) -> None:
        super().__init__()
        self.root: Element | None = None
        self.open: list[Element] = []
        self.parser = parser

    def startElementNS(self, name: Any, _written: Any, attrs: Any) -> None:  # noqa: N802
        space, local = name
        line = self.parser.getLineNumber() or 0
        if len(self.open) >= MAX_DEPTH:
            raise Unreadable(f"elements stand more than {MAX_DEPTH} deep in each other", line)
        given = {(key[0] or "", key[1]): value for key, value in attrs.items()}
        made = Element(space or "", local, line, given)
        if self.open:
            self.open[-1].children.append(made)
        else:
            self.root = made
        self.open.append(made)

    def endElementNS(self, _name: Any, _written: Any) -> None:  # noqa: N802
        self.open.pop()

    def characters(self, content: str) -> None:
        if self.open:
            self.open[-1].text += content
