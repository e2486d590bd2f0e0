"""Read files of JSON lines, and say by file and line what is wrong in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from index.parse import is_unicode
from retrieval.errors import BadExample


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, without their ends, numbered from 1.

    Raises BadExample for a line that is not UTF-8, and if there is no line at all.
    """
    found = False
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            found = True
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise BadExample(path, number, str(error)) from error
            yield number, text.rstrip("\r\n")
    if not found:
        raise BadExample(path, 1, "the file is empty")


def read_records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file, numbered by line. Raises BadExample for any other line."""
    for number, line in numbered_lines(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadExample(path, number, f"not JSON: {error}") from error
        if not isinstance(record, dict):
            raise BadExample(path, number, "is not a JSON object")
        yield number, record


def read_value(record: Mapping[str, Any], name: str, path: Path, number: int) -> Any:
    """What the record has under this name. Raises BadExample if it has nothing."""
    if name not in record:
        raise BadExample(path, number, f"{name!r} is missing")
    return record[name]


def read_text(record: Mapping[str, Any], name: str, path: Path, number: int) -> str:
    """A text of the record. Raises BadExample if there is none."""
    text = read_value(record, name, path, number)
    if not _is_text(text):
        raise BadExample(path, number, f"{name!r} is not a text")
    return str(text)


def read_texts(record: Mapping[str, Any], name: str, path: Path, number: int) -> list[str]:
    """A list of texts, perhaps empty. Raises BadExample if it is anything else."""
    texts = read_value(record, name, path, number)
    if not isinstance(texts, list) or not all(map(_is_text, texts)):
        raise BadExample(path, number, f"{name!r} is not a list of texts")
    return list(texts)


def read_new_id(
    record: Mapping[str, Any],
    known: Mapping[str, Any],
    path: Path,
    number: int,
    name: str = "_id",
) -> str:
    """The record's id. Raises BadExample if it has none that can be used or it is `known`."""
    found = read_text(record, name, path, number)
    if not found or found.split() != [found]:
        # A run in TREC's format has white space between its columns.
        raise BadExample(path, number, f"the {name} {found!r} is empty or has white space in it")
    if found in known:
        raise BadExample(path, number, f"the {name} {found!r} is there twice")
    return found


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and is_unicode(value) and "\0" not in value
