"""An upload's bytes go into the home's folder of uploads, and a job into the queue."""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from anyio import to_thread
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect

from api.errors import InvalidForm, InvalidJson, TooManyFiles
from api.problems import PROBLEMS, error_object
from api.schemas.reports import DocumentRequest
from index.errors import ReportTooLarge, UnreadableReport
from index.jobs.queue import NewFile, create_job
from index.jobs.uploads import Uploads
from index.parse import MAX_REPORT_BYTES, check_size, check_text, is_unicode
from index.store.collections import check_name
from index.store.database import Database
from index.types import DEFAULT_COLLECTION

MAX_FILES = 10_000
MAX_FIELDS = 20
MAX_FIELD_BYTES = 1_000


@dataclass(frozen=True, slots=True)
class Part:
    """A file that was sent: its name as it came, and how many bytes of it there were.

    Those past the limit are counted, but neither written nor in `sha256`.
    """

    field: str
    name: bytes
    size: int
    sha256: str


class FormReader:
    """Takes a body piece by piece; `fields` and `files` are whole after `finish`."""

    def __init__(self, content_type: str, path: Callable[[int], Path], most: int) -> None:
        """`path` says where the file of a number goes, `most` how many of its bytes are written.

        Raises InvalidForm.
        """
        self.fields: list[tuple[str, bytes]] = []
        self.files: list[Part] = []
        self._path = path
        self._most = most
        self._header = self._value = b""
        self._disposition = b""
        self._field: bytes = b""
        self._name: bytes | None = None
        self._data = bytearray()
        self._file: BinaryIO | None = None
        self._size = 0
        self._digest = hashlib.sha256()
        self._is_whole = False
        _, options = parse_options_header(content_type)
        try:
            self._parser = MultipartParser(
                options.get(b"boundary", b""),
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._add_header,
                    "on_header_value": self._add_value,
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._end_headers,
                    "on_part_data": self._add_data,
                    "on_part_end": self._end,
                    "on_end": self._end_all,
                },
            )
        except FormParserError as error:
            raise InvalidForm(str(error)) from error
        if not options.get(b"boundary"):
            raise InvalidForm("its content type has no boundary")

    def write(self, data: bytes) -> None:
        """Take in the next bytes. Raises InvalidForm and TooManyFiles."""
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise InvalidForm(str(error)) from error

    def finish(self) -> None:
        """Nothing more comes. Raises InvalidForm if the end is missing."""
        if not self._is_whole:
            raise InvalidForm("it breaks off before its end")

    def close(self) -> None:
        """Let go of the file that is being written, if the body broke off."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        self._disposition = b""
        self._data = bytearray()

    def _add_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"name" not in options:
            raise InvalidForm("a part has no name")
        self._field, self._name = options[b"name"], options.get(b"filename")
        if self._name is None:
            if len(self.fields) >= MAX_FIELDS:
                raise InvalidForm(f"more than {MAX_FIELDS} fields")
            return
        if len(self.files) >= MAX_FILES:
            raise TooManyFiles(MAX_FILES)
        self._size = 0
        self._digest = hashlib.sha256()
        self._file = self._path(len(self.files)).open("xb")

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        if self._file is None:
            self._data += data[start:end]
            if len(self._data) > MAX_FIELD_BYTES:
                raise InvalidForm(f"a field of more than {MAX_FIELD_BYTES} bytes")
            return
        room = max(0, self._most - self._size)
        self._size += end - start
        kept = data[start : min(end, start + room)]
        self._digest.update(kept)
        self._file.write(kept)

    def _end(self) -> None:
        field = self._field.decode("utf-8", "replace")
        if self._file is None or self._name is None:
            self.fields.append((field, bytes(self._data)))
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        self.files.append(Part(field, self._name, self._size, self._digest.hexdigest()))

    def _end_all(self) -> None:
        self._is_whole = True


MAX_NAME = 1_000
_DRIVE = re.compile(r"[A-Za-z]:")


def upload_name(sent: bytes) -> str:
    """The name without what would lead out of a folder: `../../x` is `x`, `a/b.txt` stays.

    Raises UnreadableReport for an empty or very long name, control characters and bytes that are
    not UTF-8.
    """
    try:
        name = sent.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableReport("its name is not UTF-8: rename it") from None
    parts = name.replace("\\", "/").split("/")
    kept = [part for part in parts if part.strip() not in ("", ".", "..")]
    if kept and _DRIVE.fullmatch(kept[0]):
        kept = kept[1:]
    if not kept:
        raise UnreadableReport("it has no name: give it one")
    if len(name) > MAX_NAME:
        raise UnreadableReport(f"its name has more than {MAX_NAME:,} characters: rename it")
    if any(unicodedata.category(each) == "Cc" for each in name) or not is_unicode(name):
        raise UnreadableReport("a control character in its name: rename it")
    return "/".join(kept)


def shown_name(sent: bytes) -> str:
    """A name that was refused, as it can be shown."""
    name = sent.decode("utf-8", "backslashreplace")[:100]
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii")
        for each in name
    )


async def receive(
    request: Request, key: str | None, *, database: Database, uploads: Uploads
) -> str:
    """Put what the request brings into the queue; the job's id.

    Raises what is wrong with the request as a whole; what is wrong with one of several files, the
    job tells.
    """
    job_id = uploads.begin()
    kept = None
    try:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            collection, files, digest = await _receive_form(request, job_id, uploads)
        elif kind == "application/json" or kind.endswith("+json"):
            collection, files, digest = await _receive_text(request, job_id, uploads)
        else:
            raise _invalid("model_attributes_type")

        def put() -> str:
            with database.write() as connection:
                return create_job(connection, job_id, collection, files, digest=digest, key=key)

        kept = await to_thread.run_sync(put)
    except ClientDisconnect as error:
        # Nobody hears this, but it is no fault of the service's that its log should tell.
        raise InvalidForm("the client went away") from error
    finally:
        if kept != job_id:
            uploads.drop(job_id)
    return kept


Received = tuple[str, list[NewFile], str]
"""Collection, files, and a digest of all that was sent."""


async def _receive_form(request: Request, job_id: str, uploads: Uploads) -> Received:
    reader = FormReader(
        request.headers["content-type"],
        lambda number: uploads.path(job_id, number),
        MAX_REPORT_BYTES,
    )
    try:
        async for data in request.stream():
            # Off the event loop: it writes to the disk.
            await to_thread.run_sync(reader.write, data)
        await to_thread.run_sync(reader.finish)
    finally:
        reader.close()
    collection = DEFAULT_COLLECTION
    for name, value in reader.fields:
        if name != "collection":
            raise _invalid("extra_forbidden", name)
        collection = value.decode("utf-8", "replace")
    check_name(collection)
    for part in reader.files:
        if part.field != "files":
            raise _invalid("extra_forbidden", part.field)
    if not reader.files:
        raise _invalid("missing", "files")
    seen: set[str] = set()
    files = [_new_file(part, seen) for part in reader.files]
    sent = [(part.name.hex(), part.size, part.sha256) for part in reader.files]
    return collection, files, _digest([collection, sent])


def _new_file(part: Part, seen: set[str]) -> NewFile:
    """The file as the job has it; refused if its name or size cannot be."""
    try:
        name = upload_name(part.name)
        if part.size > MAX_REPORT_BYTES:
            raise ReportTooLarge(part.size, MAX_REPORT_BYTES)
        if name in seen:
            raise UnreadableReport(
                "a file before it in this upload has the same name, and would be replaced: give "
                "each its own"
            )
    except UnreadableReport as error:
        problem = PROBLEMS[type(error)]
        reason = error_object(str(error), problem.type, problem.code, "files")
        return NewFile(shown_name(part.name), "", error=reason)
    seen.add(name)
    return NewFile(name, name.rpartition("/")[2])


async def _receive_text(request: Request, job_id: str, uploads: Uploads) -> Received:
    body = _read_json(await request.body())
    check_name(body.collection)
    content = body.text.encode("utf-8")
    check_size(len(content))
    check_text(body.text)
    sha256 = hashlib.sha256(content).hexdigest()
    await to_thread.run_sync(uploads.write, job_id, 0, content)
    file = NewFile(
        body.source or f"upload:{sha256[:16]}", "upload.txt", title=body.title, date=body.date
    )
    return body.collection, [file], _digest([body.model_dump(mode="json")])


def _read_json(content: bytes) -> DocumentRequest:
    """The request, or the errors that FastAPI would give for it."""
    try:
        return DocumentRequest.model_validate(json.loads(content) if content else None)
    except json.JSONDecodeError as error:
        raise InvalidJson(f"{error.msg} (at {error.pos})") from error
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(found) from error
    except RecursionError as error:
        raise InvalidJson("nested too deeply") from error
    except ValueError as error:
        raise InvalidJson("it cannot be read") from error


def _digest(sent: list[Any]) -> str:
    return hashlib.sha256(json.dumps(sent).encode()).hexdigest()


def _invalid(kind: str, *name: str) -> RequestValidationError:
    return RequestValidationError([{"type": kind, "loc": ("body", *name), "msg": "Field required"}])
