"""The numbers that Word puts before paragraphs by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.formats.office.properties import attribute

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEVELS = 9
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_Level = tuple[str, str, int]


class Numbering:
    """Counts paragraphs of numbered lists as Word does.

    `numbering` and `styles` are the parts of these names, if there are such.
    """

    def __init__(self, numbering: _Element | None, styles: _Element | None) -> None:
        self._styled = {
            attribute(style, "styleId") or "": place
            for style in (() if styles is None else styles.iterfind("{*}style"))
            if (place := style.find("{*}pPr/{*}numPr")) is not None
        }
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._counts: dict[str, list[int]] = {}
        if numbering is None:
            return
        kinds = {
            attribute(each, "abstractNumId") or "": _read_levels(each)
            for each in numbering.iterfind("{*}abstractNum")
        }
        for each in numbering.iterfind("{*}num"):
            kind = _said(each.find("{*}abstractNumId"))
            self._lists[attribute(each, "numId") or ""] = (kind, kinds.get(kind, {}))

    def next(self, paragraph: _Element) -> str:
        """What stands before a paragraph, with a space; empty where it has no number."""
        place = paragraph.find("{*}pPr/{*}numPr")
        if place is None:
            place = self._styled.get(_said(paragraph.find("{*}pPr/{*}pStyle")))
        if place is None:
            return ""
        kind, levels = self._lists.get(_said(place.find("{*}numId")), ("", {}))
        said = _said(place.find("{*}ilvl")) or "0"
        depth = int(said) if said.isdecimal() else 0
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(kind, [0] * _LEVELS)
        counts[depth] = max(counts[depth] + 1, levels[depth][2])
        counts[depth + 1 :] = [0] * (_LEVELS - depth - 1)
        form, text, _ = levels[depth]
        if form in ("bullet", "none") or "%" not in text:
            return ""

        def number(found: re.Match[str]) -> str:
            level = int(found[1]) - 1
            return _write(counts[level] or 1, levels.get(level, ("decimal", "", 1))[0])

        return re.sub(r"%([1-9])", number, text) + " "


def _read_levels(kind: _Element) -> dict[int, _Level]:
    found = {}
    for level in kind.iterfind("{*}lvl"):
        start = _said(level.find("{*}start")) or "1"
        form = _said(level.find("{*}numFmt")) or "decimal"
        depth = attribute(level, "ilvl") or "0"
        if depth.isdecimal() and int(depth) < _LEVELS:
            first = int(start) if start.isdecimal() else 1
            found[int(depth)] = (form, _said(level.find("{*}lvlText")), first)
    return found


def _said(element: _Element | None) -> str:
    return "" if element is None else attribute(element, "val") or ""


def _write(number: int, form: str) -> str:
    """A number as a list shows it: figures, letters or Roman ones; figures beyond those."""
    letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    roman, left = "", number
    for value, sign in _ROMAN:
        roman += sign * (left // value)
        left %= value
    return {
        "lowerLetter": letter,
        "upperLetter": letter.upper(),
        "lowerRoman": roman,
        "upperRoman": roman.upper(),
        "decimalZero": f"{number:02}",
    }.get(form, str(number))
