from __future__ import annotations

import gzip
import io
import json

import pytest

from index.errors import UnreadableReport
from index.formats.types import Unreadable
from index.types import ParsedReport
from tests.index.formats.made import parse_all


def reports(content: bytes, name: str, **columns: str) -> list[ParsedReport]:
    found = parse_all(content, name, columns)
    assert all(isinstance(each, ParsedReport) for each in found)
    return [each for each in found if isinstance(each, ParsedReport)]


CORPUS = (
    b'{"_id": "d1", "title": "Dyke", "text": "The dyke\\nbroke.", "metadata": {"url": "x"}}\n'
    b'{"_id": "d2", "title": "", "text": "Rain fell."}\n'
)


@pytest.mark.parametrize("name", ["corpus.jsonl", "corpus.jsonl.gz"])
def test_a_beir_corpus_loads_as_it_is(name: str) -> None:
    content = gzip.compress(CORPUS) if name.endswith(".gz") else CORPUS
    first, second = reports(content, name)
    assert (first.member, first.title, first.title_evidence) == ("d1", "Dyke", "column")
    assert first.text == "The dyke\nbroke."
    assert (second.member, second.title, second.title_evidence) == ("d2", "Rain fell.", "text")
    assert [(part.kind, part.label) for part in second.parts] == [("record", "line 2")]


def test_a_record_with_a_date_and_an_address_says_them() -> None:
    row = {"id": 7, "headline": "Dyke", "body": "It broke.", "published": "2023-03-14", "url": "u"}
    (report,) = reports(json.dumps(row).encode(), "a.jsonl")
    assert (report.member, report.title, report.url) == ("7", "Dyke", "u")
    assert (str(report.date), report.date_evidence) == ("2023-03-14", "column")


@pytest.mark.parametrize(
    ("name", "mark"), [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t"), ("a.csv", "\t")]
)
def test_a_row_without_a_text_column_says_all_its_columns(name: str, mark: str) -> None:
    table = "Date,Town,Killed,Remark\n2023-03-14,Quendlow,2,\n\n2023-03-15,Tarn,0,bridge shut\n"
    first, second = reports(table.replace(",", mark).encode(), name)
    assert first.text == "Date: 2023-03-14; Town: Quendlow; Killed: 2"
    assert second.text == "Date: 2023-03-15; Town: Tarn; Killed: 0; Remark: bridge shut"
    assert str(second.date) == "2023-03-15"
    assert [part.label for part in second.parts] == ["row 4"]


def test_columns_can_be_named() -> None:
    table = (
        b'no,what,when,"the words"\n1,Dyke,14 March 2023,"It broke, at four.\nThen it rained."\n'
    )
    (report,) = reports(table, "a.csv", text="the words", title="what", date="when", id="no")
    assert report.text == "It broke, at four.\nThen it rained."
    assert (report.member, report.title, str(report.date)) == ("1", "Dyke", "2023-03-14")
    with pytest.raises(UnreadableReport, match=r"no column is named 'words' \(there are: no, what"):
        parse_all(table, "a.csv", {"text": "words"})


@pytest.mark.parametrize(
    "line",
    [
        '{"_id": "q1", "text": "Why?", "answers": [], "relevant": []}',
        '{"_id": "c1", "messages": [{"role": "user", "content": "Why?"}]}',
        '{"id": 1, "question": "Why?", "context": "Because."}',
    ],
)
def test_questions_are_refused_unless_their_text_is_named(line: str) -> None:
    with pytest.raises(UnreadableReport, match="questions or judgements, not reports"):
        parse_all(line.encode(), "a.jsonl")
    if '"text"' in line:
        assert len(reports(line.encode(), "a.jsonl", text="text")) == 1


def test_a_broken_line_is_told_and_the_others_are_read() -> None:
    lines = b'{"id": "a", "text": "Rain fell."}\n{"id": "b", "te\n[1]\n{"id": "c", "text": ""}\n'
    first, *others = parse_all(lines, "a.jsonl")
    assert isinstance(first, ParsedReport)
    assert [each.member for each in others] == ["line 2", "line 3", "c"]
    assert all(isinstance(each, Unreadable) for each in others)


def test_records_of_one_id_are_told_apart() -> None:
    lines = b'{"id": "a", "text": "Rain fell."}\n{"id": "a", "text": "Snow fell."}\n'
    assert [each.member for each in reports(lines, "a.jsonl")] == ["a", "a@2"]


def test_the_same_record_in_two_files_is_the_same_document() -> None:
    (one,) = reports(b'{"id": "a", "text": "Rain fell.", "title": "Rain"}', "a.jsonl")
    (two,) = reports(b"title,text\nRain,Rain fell.\n", "b.csv")
    assert one.sha256 == two.sha256


def test_a_workbook_of_several_sheets_names_them() -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Incidents"
    for row in (["All incidents"], ["date", "town", "dead"], ["2023-03-14", "Quendlow", 2.0]):
        sheet.append(row)
    book.create_sheet("Notes").append(["key", "text"])
    book["Notes"].append(["n1", "Counted by hand."])
    hidden = book.create_sheet("Hidden")
    hidden.append(["text"])
    hidden.append(["secret"])
    hidden.sheet_state = "hidden"
    into = io.BytesIO()
    book.save(into)
    first, second = reports(into.getvalue(), "a.xlsx")
    assert first.text == "date: 2023-03-14; town: Quendlow; dead: 2"
    assert [part.label for part in first.parts] == ["Incidents, row 3"]
    assert (second.text, second.member) == ("Counted by hand.", "n1")


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.csv"), (b"a,b\n", "a.csv"), (b"[1, 2]", "a.jsonl"), (b"PK\x03\x04", "a.xlsx")],
)
def test_a_file_without_records_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(UnreadableReport):
        parse_all(content, name)
