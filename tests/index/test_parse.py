import datetime
import hashlib
from pathlib import Path

import pytest
from hypothesis import assume, given

from index import parse
from index.errors import UnreadableReport
from index.formats.registry import known_suffixes
from index.formats.types import Reading
from index.parse import check_source, check_text, parse_bytes, parse_report_file
from index.types import ParsedReport, ReportFile
from tests.factories import awkward_texts

TODAY = datetime.date(2024, 6, 15)


def parse_content(content: bytes, name: str = "report.txt") -> ParsedReport:
    _, (report,) = parse_bytes(content, Reading(name), modified=None, today=TODAY)
    assert isinstance(report, ParsedReport)
    return report


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffRain fell.".encode(),
        b"Rain\r\nfell.\rAgain\n",
        "e\u0301 \u00e9 \ufb01 \U0001f600".encode(),
        b"  Rain fell.  \n\n",
    ],
)
def test_the_text_is_the_files_bytes_untouched(content: bytes) -> None:
    report = parse_content(content)
    assert report.text.encode() == content
    assert report.sha256 == hashlib.sha256(content).hexdigest()


@given(awkward_texts())
def test_any_text_with_a_letter_or_digit_is_kept_as_it_is(text: str) -> None:
    assume("\0" not in text and any(character.isalnum() for character in text))
    report = parse_content(text.encode())
    assert report.text == text
    assert report.title


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"caf\xe9\x00 au lait", "no text in any common encoding (byte 0xe9 at 3)"),
        (b"Rain\x00fell", "a NUL character at 4"),
        (b"\xff\xfeR\x00a", "not UTF-16 text, as its first bytes"),
        (b"", "no letter or digit"),
        (b" \r\n\t", "no letter or digit"),
        ("\ufeff...\u200b".encode(), "no letter or digit"),
    ],
)
def test_bytes_that_are_no_report_are_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableReport) as caught:
        parse_content(content)
    assert reason in str(caught.value)


@pytest.mark.parametrize(("name", "suffix"), [("report.xyz", ".xyz"), ("report", "(no suffix)")])
def test_an_unknown_format_is_refused_with_the_known_ones(name: str, suffix: str) -> None:
    with pytest.raises(UnreadableReport) as caught:
        parse_content(b"Rain fell.", name)
    assert str(caught.value) == f"unknown format {suffix}: known are {known_suffixes()}"


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(UnreadableReport, match="surrogate"):
        check_text("Rain \ud800 fell")


@pytest.mark.parametrize("source", ["/reports/\udcff.txt", "/reports/a\0b.txt"])
def test_a_file_name_that_cannot_be_kept_is_refused(source: str) -> None:
    with pytest.raises(UnreadableReport, match="rename"):
        check_source(source)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.txt", "text/plain"), ("A.TXT", "text/plain"), ("a.md", "text/markdown")],
)
def test_the_suffix_names_the_media_type(name: str, media_type: str) -> None:
    assert parse_content(b"Rain fell.", name).media_type == media_type


def test_title_and_date_are_found_in_the_text() -> None:
    report = parse_content(b"Dyke breach floods Quendlow\nMarch 14, 2023\n\nThe river rose.")
    assert report.title == "Dyke breach floods Quendlow"
    assert report.date == datetime.date(2023, 3, 14)
    assert report.date_evidence == "text"


def test_a_title_and_date_that_are_given_stand_over_the_text() -> None:
    day = datetime.date(2020, 2, 29)
    _, (report,) = parse_bytes(
        b"Dyke breach\nMarch 14, 2023",
        Reading("a.txt"),
        modified=None,
        today=TODAY,
        title="Mine",
        date=day,
    )
    assert isinstance(report, ParsedReport)
    assert report.title_evidence == "given"
    assert (report.title, report.date, report.date_evidence) == ("Mine", day, "given")


def test_a_report_without_any_date_has_none() -> None:
    report = parse_content(b"Rain fell.")
    assert (report.date, report.date_evidence) == (None, None)


def named(path: Path) -> ReportFile:
    return ReportFile(path, str(path), path.name)


def test_a_file_that_is_not_there_is_refused_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(UnreadableReport) as caught:
        parse_report_file(named(tmp_path / "gone.txt"), TODAY)
    assert str(caught.value) == "No such file or directory"


def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parse, "MAX_REPORT_BYTES", 10)
    path = tmp_path / "a.txt"
    path.write_bytes(b"Rain fell on the valley.")
    with pytest.raises(UnreadableReport, match="24 bytes are more than a report may have"):
        parse_report_file(named(path), TODAY)


def test_a_file_is_read_with_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfRain\r\nfell.\r\n")
    original, (report,) = parse_report_file(named(path), TODAY)
    assert isinstance(report, ParsedReport)
    assert report.text == "\ufeffRain\r\nfell.\r\n"
    assert original.content == path.read_bytes()
    assert original.media_type == "text/plain"
