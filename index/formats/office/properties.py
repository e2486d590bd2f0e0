"""Read what Office files say of themselves, and how one part of them leads to another."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from index.formats.nested.package import Package
from index.metadata.day import read_day

if TYPE_CHECKING:
    import datetime

    from lxml.etree import _Element

_PROPERTIES = "docProps/core.xml"
_NO_TITLE = re.compile(
    r"(?i)(?:microsoft (?:word|powerpoint|excel)|untitled|powerpoint[- ]presentation|document\d*"
    r"|presentation\d*|slide \d+|title)\b\W*|.*\.(?:docx?|pptx?|odt|rtf|dotx?|potx?)|word document"
)


def read_properties(
    package: Package,
) -> tuple[str | None, datetime.date | None, str | None]:
    """Title, day of making and author by the properties; a title that a program gave is none."""
    if _PROPERTIES not in package.names():
        return None, None, None
    root = package.read_xml(_PROPERTIES)
    day = read_day(_said(root, "created") or "")
    return real_title(_said(root, "title")), day, _said(root, "creator")


def real_title(said: str | None) -> str | None:
    """A title, unless a program made it up."""
    return None if said is None or _NO_TITLE.fullmatch(said) else said


def related(package: Package, name: str) -> dict[str, tuple[str, str]]:
    """The parts that a part leads to, by the id it has for them: their kind and name."""
    folder, _, last = name.rpartition("/")
    relations = f"{folder}/_rels/{last}.rels".lstrip("/")
    if relations not in package.names():
        return {}
    return {
        each.get("Id", ""): (
            each.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/" + folder, each.get("Target", ""))).lstrip("/"),
        )
        for each in package.read_xml(relations)
        if each.get("TargetMode") != "External"
    }


def attribute(element: _Element, name: str) -> str | None:
    """An attribute by its name without a namespace."""
    return next((said for key, said in element.items() if key.rpartition("}")[2] == name), None)


def local(element: _Element) -> str:
    """An element's name without its namespace; empty for what is none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _said(root: _Element, name: str) -> str | None:
    found = root.find(f"{{*}}{name}")
    return None if found is None else " ".join("".join(found.itertext()).split()) or None
