"""What an archive looks like: a ZIP file of a manifest, documents, vectors and originals.

`manifest.json` names the collection, the encoder, the tables' revision, and size and SHA-256 of
each other file. `documents.jsonl` has a document a line, in the order ingested: its row of each
table, whose columns are the database's. `vectors.f32` has the passages' vectors in that order,
float32, little endian. `originals/` has the bytes that documents were made from, each file named by
its SHA-256. Nothing tells when or where it was written: the same collection makes the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Date, LargeBinary, Table

from index.errors import ArchiveUnusable
from index.store import schema

FORMAT = "dateline-collection"
VERSION = 1

MANIFEST = "manifest.json"
DOCUMENTS = "documents.jsonl"
VECTORS = "vectors.f32"
ORIGINALS = "originals/"

_ORIGINAL = re.compile(r"originals/[0-9a-f]{64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")

_HERE_ONLY = {
    "documents": {"collection", "first_passage", "passages", "generation"},
    "passages": {"id", "document_id", "text"},
    "sources": {"collection", "document_id"},
}
"""Columns that say nothing of a collection elsewhere, or that the rest of the archive says."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class OriginalName:
    """What is known of an original beside its bytes."""

    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds; `dimensions` are a vector's."""

    collection: str
    created_at: str
    revision: str
    encoder: str | None
    dimensions: int
    documents: int
    passages: int
    originals: Mapping[str, OriginalName]
    files: Mapping[str, Member]

    def as_json(self) -> dict[str, Any]:
        """As it is written."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "collection": self.collection,
            "created_at": self.created_at,
            "revision": self.revision,
            "encoder": self.encoder,
            "dimensions": self.dimensions,
            "documents": self.documents,
            "passages": self.passages,
            "originals": {
                sha256: {"name": each.name, "media_type": each.media_type}
                for sha256, each in self.originals.items()
            },
            "files": {
                name: {"bytes": each.size, "sha256": each.sha256}
                for name, each in self.files.items()
            },
        }


def read_manifest(content: Any) -> Manifest:
    """The manifest that JSON says. Raises ArchiveUnusable."""
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ArchiveUnusable("it is no archive of a collection")
    if content.get("version") != VERSION or str(content.get("revision")) > schema.REVISION:
        raise ArchiveUnusable("a newer Dateline wrote it: update Dateline")
    try:
        manifest = Manifest(
            collection=_text(content["collection"]),
            created_at=_text(content["created_at"]),
            revision=_text(content["revision"]),
            encoder=None if content["encoder"] is None else _text(content["encoder"]),
            dimensions=_count(content["dimensions"]),
            documents=_count(content["documents"]),
            passages=_count(content["passages"]),
            originals={
                sha256: OriginalName(_text(each["name"]), _text(each["media_type"]))
                for sha256, each in content["originals"].items()
            },
            files={
                name: Member(_count(each["bytes"]), _text(each["sha256"]))
                for name, each in content["files"].items()
            },
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ArchiveUnusable(f"its manifest is damaged ({error})") from error
    wanted = {DOCUMENTS, VECTORS, *(ORIGINALS + sha256 for sha256 in manifest.originals)}
    named_well = all(_ORIGINAL.fullmatch(ORIGINALS + sha256) for sha256 in manifest.originals)
    if set(manifest.files) != wanted or not named_well:
        raise ArchiveUnusable("its manifest does not name the files of an archive")
    return manifest


def is_sha256(text: object) -> bool:
    """Whether it is a SHA-256 as it is written here."""
    return isinstance(text, str) and _SHA256.fullmatch(text) is not None


@cache
def own_tables() -> tuple[Table, ...]:
    """The tables that have rows of a document's own, beside its passages."""
    left_out = {schema.passages, schema.near_duplicates}
    return tuple(
        table
        for table in schema.metadata.sorted_tables
        if table not in left_out
        and any(key.column is schema.documents.c.id for key in table.foreign_keys)
    )


def row_as_json(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """What an archive has of a row."""
    return {
        column.name: _as_json(row[column.name])
        for column in table.columns
        if column.name not in _left_out(table)
    }


def row_of(table: Table, content: Any) -> dict[str, Any]:
    """The row that an archive has; what the caller adds is missing. Raises ArchiveUnusable."""
    columns = {each.name: each for each in table.columns if each.name not in _left_out(table)}
    if not isinstance(content, dict) or not content.keys() <= columns.keys():
        raise ArchiveUnusable(f"a row of {table.name} has columns that are not known here")
    row = {}
    for name, column in columns.items():
        value = content.get(name)
        try:
            row[name] = value = _of_json(value, column.type)
        except (TypeError, ValueError, binascii.Error) as error:
            raise ArchiveUnusable(f"{table.name}.{name} cannot be {value!r:.60}") from error
        if value is None and not column.nullable:
            raise ArchiveUnusable(f"a row of {table.name} has no {name}")
        kind = column.type.python_type
        if value is not None and kind is not dict and type(value) is not kind:
            raise ArchiveUnusable(f"{table.name}.{name} cannot be {value!r:.60}")
    return row


def _left_out(table: Table) -> set[str]:
    return _HERE_ONLY.get(table.name, {"document_id"})


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _of_json(value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Date):
        return datetime.date.fromisoformat(value)
    return base64.b64decode(value, validate=True) if isinstance(kind, LargeBinary) else value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(value)
    return value
