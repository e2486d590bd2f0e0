"""Open an archive and check all of it before anything is done with it."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.archive.layout import (
    DOCUMENTS,
    MANIFEST,
    ORIGINALS,
    VECTORS,
    Manifest,
    is_sha256,
    own_tables,
    read_manifest,
    row_of,
)
from index.errors import ArchiveUnusable, InvalidCollection, UnreadableReport
from index.parse import check_source, check_text
from index.store import schema
from index.store.collections import check_name
from index.types import PassageRange, Vectors

MANIFEST_BYTES = 256_000_000
LINE_BYTES = 1_000_000_000
"""More than any manifest or document that was exported has: what claims more is a bomb."""

_PART = 1 << 20
_DOCUMENT_ID = re.compile(r"doc_[0-9a-f]{16}")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


@dataclass(frozen=True, slots=True)
class ArchivedDocument:
    """A document's rows, as they are inserted but for what only a database can say."""

    row: dict[str, Any]
    passages: list[dict[str, Any]]
    own: dict[str, list[dict[str, Any]]]

    def ranges(self) -> list[PassageRange]:
        """Where its passages stand."""
        return [PassageRange(each["start"], each["end"]) for each in self.passages]


class Archive:
    """An archive that was checked: `documents` and `original` give what `check` has seen."""

    def __init__(self, files: zipfile.ZipFile, manifest: Manifest) -> None:
        self._files = files
        self.manifest = manifest

    def documents(self) -> Iterator[ArchivedDocument]:
        """The documents, in the order in which they were ingested."""
        with self._files.open(DOCUMENTS) as lines:
            while line := lines.readline(LINE_BYTES):
                yield _document(line)

    def vectors(self) -> Vectors:
        """All vectors, in the order of the documents' passages."""
        content = np.frombuffer(self._files.read(VECTORS), dtype="<f4")
        return content.reshape(self.manifest.passages, -1)

    def original(self, sha256: str) -> bytes:
        """The bytes of an original."""
        return self._files.read(ORIGINALS + sha256)

    def check(self) -> None:
        """Raise ArchiveUnusable unless every file and every document is as it should be."""
        for name, member in self.manifest.files.items():
            size, digest = 0, hashlib.sha256()
            with self._files.open(name) as file:
                while (part := file.read(_PART)) and size <= member.size:
                    digest.update(part)
                    size += len(part)
            if (size, digest.hexdigest()) != (member.size, member.sha256):
                raise ArchiveUnusable(f"{name} is not what its manifest says: it is damaged")
            if name.startswith(ORIGINALS) and name != ORIGINALS + member.sha256:
                raise ArchiveUnusable(f"{name} is not what its name says")
        self._check_documents()
        self._check_vectors()

    def _check_documents(self) -> None:
        seen: set[str] = set()
        documents = passages = 0
        for document in self.documents():
            keys = [document.row["id"], document.row["sha256"]]
            keys += [f"source {each['source']}" for each in document.own["sources"]]
            if len(set(keys)) < len(keys) or not seen.isdisjoint(keys):
                raise ArchiveUnusable(f"{keys[0]} or a source of it is there twice")
            seen.update(keys)
            original = document.row["original"]
            if original is not None and original not in self.manifest.originals:
                raise ArchiveUnusable(f"the original of {keys[0]} is not there")
            documents += 1
            passages += len(document.passages)
        if (documents, passages) != (self.manifest.documents, self.manifest.passages):
            raise ArchiveUnusable("it has other numbers of documents than its manifest says")

    def _check_vectors(self) -> None:
        wanted = self.manifest.passages * self.manifest.dimensions * 4
        if self.manifest.files[VECTORS].size != wanted or (wanted > 0) != bool(
            self.manifest.passages and self.manifest.encoder
        ):
            raise ArchiveUnusable("it has not one vector a passage")
        if wanted and not bool(np.all(np.abs(np.linalg.norm(self.vectors(), axis=1) - 1) < 0.01)):
            raise ArchiveUnusable("its vectors are no unit vectors")


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """An archive, all of which was checked. Raises ArchiveUnusable, which says why.

    Its files are read in place, never unpacked: what they are named leads nowhere.
    """
    with ExitStack() as closing:
        try:
            files = closing.enter_context(zipfile.ZipFile(path))
            archive = _checked(files)
        except (ArchiveUnusable, InvalidCollection) as error:
            raise ArchiveUnusable(f"{path}: {error}") from error
        except (ValueError, RecursionError) as error:
            raise ArchiveUnusable(f"{path}: it is damaged: {error}") from error
        except _DAMAGED as error:
            raise ArchiveUnusable(f"{path}: it cannot be read: {error}") from error
        yield archive


def _checked(files: zipfile.ZipFile) -> Archive:
    names = files.namelist()
    if MANIFEST not in names or files.getinfo(MANIFEST).file_size > MANIFEST_BYTES:
        raise ArchiveUnusable("it is no archive of a collection")
    manifest = read_manifest(json.loads(files.read(MANIFEST)))
    if sorted(names) != sorted([MANIFEST, *manifest.files]):
        raise ArchiveUnusable("it has files that its manifest does not name, or lacks some")
    check_name(manifest.collection)
    archive = Archive(files, manifest)
    archive.check()
    return archive


def _document(line: bytes) -> ArchivedDocument:
    content = json.loads(line)
    tables = own_tables()
    known = {"document", "passages", *(table.name for table in tables)}
    if not isinstance(content, dict) or not content.keys() <= known:
        raise ArchiveUnusable("a line of its documents is no document")
    row = row_of(schema.documents, content.get("document"))
    text = row["text"]
    if not _DOCUMENT_ID.fullmatch(row["id"]) or not is_sha256(row["sha256"]):
        raise ArchiveUnusable(f"{row['id']!r:.60} is no document's id, or has no SHA-256")
    try:
        check_text(text)
        check_text(row["title"])
        own = {
            table.name: [row_of(table, each) for each in content.get(table.name, [])]
            for table in tables
        }
        for source in own["sources"]:
            check_source(source["source"])
    except UnreadableReport as error:
        raise ArchiveUnusable(f"{row['id']}: {error}") from error
    passages = [row_of(schema.passages, each) for each in content.get("passages", [])]
    at = 0
    for each in passages:
        if not at <= each["start"] < each["end"] <= len(text):
            raise ArchiveUnusable(f"the passages of {row['id']} are not ranges of its text")
        at = each["end"]
    if not passages or not own["sources"] or row["characters"] != len(text):
        raise ArchiveUnusable(f"{row['id']} is not whole")
    return ArchivedDocument(row, passages, own)
