import contextlib
import hashlib
import os
from pathlib import Path

import pytest

from api.errors import InvalidForm, TooManyFiles
from api.uploads import receive as multipart
from api.uploads.receive import FormReader, Part

KIND = "multipart/form-data; boundary=xyz"


def part(name: str, content: bytes, file: str | None = None) -> bytes:
    shown = "" if file is None else f'; filename="{file}"'
    head = f'--xyz\r\nContent-Disposition: form-data; name="{name}"{shown}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def read(folder: Path, body: bytes, *, piece: int = 1 << 16, most: int = 1000) -> FormReader:
    reader = FormReader(KIND, lambda number: folder / str(number), most)
    with contextlib.closing(reader):
        for at in range(0, len(body), piece):
            reader.write(body[at : at + piece])
        reader.finish()
    return reader


def sent(name: str, content: bytes, size: int | None = None) -> Part:
    digest = hashlib.sha256(content).hexdigest()
    return Part("files", name.encode(), len(content) if size is None else size, digest)


@pytest.mark.parametrize("piece", [1, 7, 1 << 16])
def test_files_go_to_the_disk_and_fields_stay(tmp_path: Path, piece: int) -> None:
    tricky = b"\r\n--xy\r\n--\r\n\r\n--xyza"
    body = (
        part("files", tricky, "a.txt")
        + part("collection", b"news")
        + part("files", b"", "../../b.txt")
        + b"--xyz--\r\n"
    )
    reader = read(tmp_path, body, piece=piece)
    assert reader.fields == [("collection", b"news")]
    assert reader.files == [sent("a.txt", tricky), sent("../../b.txt", b"")]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"0": tricky, "1": b""}


def test_of_a_file_past_the_limit_no_more_is_written(tmp_path: Path) -> None:
    content = os.urandom(50_000)
    body = part("files", content, "a.txt") + part("files", b"Rain.", "b.txt") + b"--xyz--\r\n"
    reader = read(tmp_path, body, piece=999, most=1000)
    assert reader.files == [sent("a.txt", content[:1000], size=50_000), sent("b.txt", b"Rain.")]
    assert (tmp_path / "0").read_bytes() == content[:1000]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Rain fell.",
        b"--abc\r\n",
        part("files", b"Rain fell.", "a.txt"),
        part("files", b"Rain fell.", "a.txt")[:-5],
        b"--xyz\r\nContent-Disposition: form-data\r\n\r\nRain\r\n--xyz--\r\n",
        b"--xyz\r\n: x\r\n\r\nRain\r\n--xyz--\r\n",
        b"--xyz\r\nContent-Type: text/plain\r\n\r\nRain\r\n--xyz--\r\n",
        part("collection", b"x" * 1001) + b"--xyz--\r\n",
        b"".join(part("a", b"b") for _ in range(21)) + b"--xyz--\r\n",
    ],
    ids=range(10),
)
def test_what_is_no_form_is_refused(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(InvalidForm, match="not multipart/form-data"):
        read(tmp_path, body)


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", f"multipart/form-data; boundary={'x' * 300}"]
)
def test_a_boundary_is_needed(kind: str) -> None:
    with pytest.raises(InvalidForm):
        FormReader(kind, lambda number: Path(str(number)), 1000)


def test_more_files_than_allowed_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multipart, "MAX_FILES", 2)
    body = b"".join(part("files", b"Rain.", f"{number}.txt") for number in range(3))
    with pytest.raises(TooManyFiles, match="more than the 2 files"):
        read(tmp_path, body + b"--xyz--\r\n")
