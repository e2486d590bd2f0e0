from __future__ import annotations

import gzip
import io
import struct
import zipfile

import pytest

from index.errors import UnreadableReport
from index.formats.nested import package
from index.formats.nested.package import Package, check_unpacked
from index.formats.types import Unreadable
from index.types import ParsedReport
from tests.index.formats.made import make_pdf, make_zip, parse_all, parse_one


def test_the_members_of_known_formats_are_documents() -> None:
    pdf = make_pdf(["Two are dead."])
    found = parse_all(
        make_zip({"in/a.pdf": pdf, "b.txt": "Rain fell.", "c.png": b"x", ".d.txt": "hidden"}),
        "a.zip",
    )
    assert all(isinstance(each, ParsedReport) for each in found)
    assert [each.member for each in found] == ["b.txt", "in/a.pdf"]
    # Packed or not, it is the same document.
    assert found[1].sha256 == parse_one(pdf, "a.pdf").sha256  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "name", ["../../x.txt", "/etc/x.txt", "a/../../x.txt", "C:\\x.txt", "..\\x.txt"]
)
def test_names_that_lead_out_of_an_archive_are_refused(name: str) -> None:
    refused, kept = parse_all(make_zip({name: "Rain.", "zz.txt": "Snow fell."}), "a.zip")
    assert isinstance(refused, Unreadable)
    assert "leads out of the archive" in refused.reason
    assert kept.member == "zz.txt"


def test_a_packed_file_is_what_is_in_it() -> None:
    report = parse_one(gzip.compress(b"Rain fell.") + gzip.compress(b" Snow fell."), "a.txt.gz")
    assert (report.text, report.member) == ("Rain fell. Snow fell.", "")


@pytest.mark.parametrize("name", ["a.zip", "a.docx", "a.xlsx", "a.epub", "a.odt", "a.pptx"])
def test_a_zip_bomb_is_refused_unopened(name: str) -> None:
    bomb = make_zip({"word/document.xml": bytes(50_000_000), "a.txt": bytes(50_000_000)})
    assert len(bomb) < 200_000
    with pytest.raises(UnreadableReport, match=r"would unpack to 100,000,000 bytes"):
        parse_all(bomb, name)


def test_a_gzip_bomb_is_refused() -> None:
    with pytest.raises(UnreadableReport, match="would unpack"):
        parse_all(gzip.compress(bytes(400_000_000)), "a.txt.gz")


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(make_zip({"a.txt": "Rain fell. " * 1000}))
    entry = content.index(b"PK\x01\x02")
    struct.pack_into("<I", content, entry + 24, 11)
    found = "nothing"
    try:
        found = parse_all(bytes(content), "a.zip")[0].text  # type: ignore[union-attr]
    except UnreadableReport as error:
        found = str(error)
    assert "cannot be unpacked" in found or len(found) <= 11


def test_members_that_share_their_bytes_count_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_BYTES", 25_000)
    archive = Package(make_zip({"a.txt": "Rain fell. " * 1000}))
    assert len(archive.read("a.txt")) == len(archive.read("a.txt")) == 11_000
    with pytest.raises(UnreadableReport, match="would unpack"):
        archive.read("a.txt")


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_MEMBERS", 3)
    with pytest.raises(UnreadableReport, match="4 members are more than it may have"):
        Package(make_zip({f"{number}.txt": "Rain." for number in range(4)}))


def test_archives_in_archives_end_somewhere() -> None:
    inner = make_zip({"a.txt": "Rain fell."})
    for _ in range(6):
        inner = make_zip({"a.zip": inner})
    with pytest.raises(UnreadableReport, match="too deep in archives"):
        parse_all(inner, "a.zip")
    packed = b"Rain fell."
    for _ in range(8):
        packed = gzip.compress(packed)
    with pytest.raises(UnreadableReport, match="too deep in archives"):
        parse_all(packed, "a.txt" + ".gz" * 8)


def test_a_locked_member_is_told() -> None:
    content = bytearray(make_zip({"a.txt": "Rain fell.", "b.txt": "Snow fell."}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    locked, kept = parse_all(bytes(content), "a.zip")
    assert "locked with a password" in getattr(locked, "reason", "")
    assert kept.member == "b.txt"


def test_text_may_be_packed_well() -> None:
    check_unpacked(9_000_000, 10)
    check_unpacked(200_000_000, 10_000_000)
    with pytest.raises(UnreadableReport):
        check_unpacked(20_000_000, 50_000)


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"PK\x03\x04 broken", "a.zip", "no whole ZIP"),
        (gzip.compress(b"Rain fell." * 99)[:-20], "a.txt.gz", "cut off|cannot be unpacked"),
        (make_zip({"a.exe": b"x"}), "a.zip", "no file of a known format in it"),
    ],
)
def test_a_broken_archive_says_so(content: bytes, name: str, reason: str) -> None:
    with pytest.raises(UnreadableReport, match=reason):
        parse_all(content, name)


def test_a_zip_by_another_name_is_known_by_its_members() -> None:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("a.txt", "Rain fell.")
    (report,) = parse_all(into.getvalue(), "upload.bin")
    assert report.member == "a.txt"
