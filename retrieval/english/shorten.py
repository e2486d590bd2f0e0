"""Cut a text between words."""

from __future__ import annotations


def shorten(text: str, characters: int, mark: str = "") -> str:
    """The text on one line, at most so many characters of it, with `mark` behind it if it is cut.

    Cut between words where there are spaces between them, which not every script has.
    """
    line = " ".join(text.split())
    if len(line) <= characters:
        return line
    space = line.rfind(" ", characters // 2, characters)
    return line[: space if space > 0 else characters] + mark
