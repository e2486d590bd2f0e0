from __future__ import annotations

import email.mime.multipart
import email.mime.text
import http.server
import threading
from pathlib import Path

import pytest

from index.errors import UnreadableReport
from tests.index.formats.made import parse_all, parse_one, section_of

NEWS = (Path(__file__).parents[1] / "fixtures" / "news.html").read_bytes()
TEXT = (
    "Dyke fails at Quendlow",
    "The dyke above Quendlow gave way at four in the afternoon on Tuesday, and the river Tharnock "
    "flooded the lower town within an hour, the provincial administration said.",
    "Four people were missing in the evening. Two schools and the hospital were evacuated, and the "
    "railway to Tarn was closed until further notice.",
    "Warnings in February",
    "Residents of Millgate said that they had warned of damp patches on the dyke in February, and "
    "that nobody had come to look at them; the water authority said it would examine that.",
    "Place: Millgate; Evacuated: 310",
    "Place: Quendlow; Evacuated: 840",
)


def test_the_main_text_is_kept_and_nothing_around_it() -> None:
    assert parse_one(NEWS, "a.html").text == "\n\n".join(TEXT)


def test_a_page_says_its_title_day_author_and_address() -> None:
    page = parse_one(NEWS, "a.html")
    assert (page.title, page.title_evidence) == ("Dyke fails at Quendlow", "metadata")
    assert (str(page.date), page.date_evidence) == ("2023-03-14", "metadata")
    assert (page.author, page.url) == ("Ansa Dreel", "https://news.example/2023/03/14/dyke")
    assert section_of(page, "Residents of") == ["Dyke fails at Quendlow > Warnings in February"]


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<meta property="article:published_time" content="2022-01-05T09:00:00Z">', "2022-01-05"),
        ('<meta name="DC.date" content="2022/01/05">', "2022-01-05"),
        ('<meta name="date" content="Wed, 05 Jan 2022 09:00:00 +0000">', "2022-01-05"),
        ('<meta itemprop="datePublished" content="5 January 2022">', "2022-01-05"),
        ('<script type="application/ld+json">[{"@graph": 1}, broken</script>', "None"),
        ('<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", '
         '"datePublished": "2022-01-05"}]}</script>', "2022-01-05"),
        ('</head><time datetime="2022-01-05">Wednesday</time>', "2022-01-05"),
    ],
)  # fmt: skip
def test_the_day_of_publication_is_found(head: str, day: str) -> None:
    page = f"<html><head><title>A</title>{head}<p>The river rose by a metre.</p></html>"
    assert str(parse_one(page.encode(), "a.html").date) == day


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "cp1252"),
        ("", "utf-8"),
        ("", "utf-16"),
        ('<?xml version="1.0" encoding="koi8-r"?>', "koi8-r"),
    ],
)
def test_a_page_is_read_in_its_encoding(declared: str, encoding: str) -> None:
    words = (
        "Caf\u00e9 \u2013 \u201cd\u00e9j\u00e0\u201d"
        if encoding == "cp1252"
        else "\u0420\u0435\u043a\u0430"
    )
    html = "<html>" if "xml" in declared else "<html><head>"
    page = f"{declared if 'xml' in declared else ''}{html}{declared if 'meta' in declared else ''}"
    page += f"<body><p>{words} rose &amp; fell &lt;twice&gt;.</p></body></html>"
    assert parse_one(page.encode(encoding), "a.html").text == f"{words} rose & fell <twice>."


def test_nothing_that_a_page_names_is_fetched() -> None:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            return

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        at = f"http://127.0.0.1:{server.server_port}"
        page = (
            f'<!DOCTYPE html SYSTEM "{at}/a.dtd"><html><head><base href="{at}/">'
            f'<link rel="stylesheet" href="{at}/a.css"><script src="{at}/a.js"></script></head>'
            f'<body><img src="{at}/a.png"><iframe src="{at}/b.html"></iframe>'
            f'<object data="{at}/c.pdf"></object><p>The river rose by a metre.</p></body></html>'
        )
        assert parse_one(page.encode(), "a.html").text == "The river rose by a metre."
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []


def test_a_saved_page_keeps_its_address() -> None:
    saved = email.mime.multipart.MIMEMultipart("related", type="text/html")
    saved["Snapshot-Content-Location"] = "https://news.example/dyke?ref=home"
    page = email.mime.text.MIMEText(NEWS.decode(), "html", "utf-8")
    saved.attach(page)
    report = parse_one(saved.as_bytes(), "a.mhtml")
    assert report.text == "\n\n".join(TEXT)
    assert report.url == "https://news.example/dyke?ref=home"


def test_a_page_that_is_only_a_paragraph_is_read() -> None:
    assert parse_one(b"<p>Rain fell.<br>Snow fell.</p>", "a.html").text == "Rain fell.\nSnow fell."


def test_deep_nesting_is_survived() -> None:
    page = b"<div>" * 100_000 + b"Rain fell." + b"</div>" * 100_000
    try:
        assert parse_one(page, "a.html").text == "Rain fell."
    except UnreadableReport as error:
        assert "nothing to answer from" in str(error) or "deep" in str(error)  # noqa: PT017


@pytest.mark.parametrize("page", [b"", b"<html></html>", b"<script>var text = 1</script>"])
def test_a_page_without_text_is_refused(page: bytes) -> None:
    with pytest.raises(UnreadableReport, match="nothing to answer from"):
        parse_all(page, "a.html")


def test_a_saved_page_without_a_page_is_refused() -> None:
    with pytest.raises(UnreadableReport, match="no page in it"):
        parse_all(b"MIME-Version: 1.0\r\n\r\nwords", "a.mht")
