"""Read a multipart/form-data body as it comes, its files onto the disk and not into memory."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from api.errors import InvalidForm, TooManyFiles

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
