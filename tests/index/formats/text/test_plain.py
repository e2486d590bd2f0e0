from __future__ import annotations

import codecs

import pytest

from tests.index.formats.made import parse_one, section_of

RUSSIAN = bytes.fromhex("cfebeef2e8ede020eff0eef0e2e0ede02c20e2eee4e020e7e0ebe8ebe0202e20").decode(
    "cp1251"
)


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("Rain fell at the caf\u00e9.\r\n", "utf-8", "utf-8"),
        ("Rain fell at the caf\u00e9 \u2013 \u201cfine\u201d.", "cp1252", "windows-1252"),
        (RUSSIAN * 10, "cp1251", "cp1251"),
        (RUSSIAN * 10, "koi8-r", "koi8_r"),
    ],
)
def test_text_in_any_common_encoding_is_the_same_text(text: str, encoding: str, found: str) -> None:
    report = parse_one(text.encode(encoding), "a.txt")
    assert report.text == text
    charset = "" if found == "utf-8" else f"; charset={found}"
    assert report.media_type == f"text/plain{charset}"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_says_the_encoding(mark: bytes, encoding: str) -> None:
    assert (
        parse_one(mark + "R\u00e4in \U0001f600".encode(encoding), "a.txt").text
        == "R\u00e4in \U0001f600"
    )


def test_text_that_begins_as_a_pdf_is_text_all_the_same() -> None:
    assert parse_one(b"%PDF-1.7 is how a PDF begins.", "a.txt").media_type == "text/plain"


MARKDOWN = """# The flood

Rain fell.

## Causes *and* [effects](http://x)

Meltwater.

```
# no heading
```

### Deep ###

Clay.

# After

Sun.
"""


def test_markdown_keeps_its_text_and_has_its_headings_as_sections() -> None:
    report = parse_one(MARKDOWN.encode(), "a.md")
    assert report.text == MARKDOWN
    assert section_of(report, "Rain fell") == ["The flood"]
    assert section_of(report, "Meltwater") == ["The flood > Causes and effects"]
    assert section_of(report, "no heading") == ["The flood > Causes and effects"]
    assert section_of(report, "Clay") == ["The flood > Causes and effects > Deep"]
    assert section_of(report, "Sun") == ["After"]
