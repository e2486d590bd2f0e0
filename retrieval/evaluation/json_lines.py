"""Read JSON objects line by line, and say where one is not what it should be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from index.parse import is_unicode
from retrieval.errors import BadExample
from retrieval.evaluation.beir import numbered_lines


def numbered_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file with their lines' numbers, from 1.

    Raises BadExample for a line that is none, and if there is no line at all.
    """
    for number, line in numbered_lines(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadExample(path, number, f"not JSON: {error}") from error
        if not isinstance(record, dict):
            raise BadExample(path, number, "is not a JSON object")
        yield number, record


def text_of(record: Mapping[str, Any], name: str, path: Path, number: int) -> str:
    """The text of that name. Raises BadExample if there is none."""
    if name not in record:
        raise BadExample(path, number, f"{name!r} is missing")
    text = record[name]
    if not isinstance(text, str) or not is_unicode(text) or "\0" in text:
        raise BadExample(path, number, f"{name!r} is not a text")
    return text


def texts_of(record: Mapping[str, Any], name: str, path: Path, number: int) -> tuple[str, ...]:
    """The list of texts of that name. Raises BadExample if there is none."""
    found = record.get(name)
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise BadExample(path, number, f"{name!r} is not a list of texts")
    return tuple(found)
