"""Read plain text in any common encoding; the text is the file's, character for character."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from index.errors import UnreadableReport
from index.formats.types import Extracted, Reading

_MARKED = (
    # A UTF-32 mark begins with the bytes of a UTF-16 one.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 200_000
_COMMON = (
    *(f"cp{number}" for number in (*range(1250, 1259), 874)),
    *("koi8_r", "koi8_u", "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_9", "iso2022_jp"),
    *("shift_jis", "euc_jp", "euc_kr", "gb18030", "big5"),
)
"""Encodings worth guessing: among all that there ever were, rare ones win by chance."""
_MANY = 60
"""Bytes outside ASCII from which on their frequency tells more than where most texts come from."""


def read(content: bytes, reading: Reading) -> Iterator[Extracted]:  # noqa: ARG001
    """The text as it is, byte order mark included. Raises UnreadableReport if it is none."""
    text, encoding = decode_text(content)
    charset = "" if encoding == "utf-8" else f"; charset={encoding}"
    yield Extracted(text, f"text/plain{charset}")


def decode_text(content: bytes) -> tuple[str, str]:
    """The text and the encoding it was found to be in. Raises UnreadableReport."""
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return _decode(content, encoding), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        broken = f"byte {content[error.start]:#04x} at {error.start}"
    if b"\0" in content:
        raise UnreadableReport(f"no text in any common encoding ({broken})")
    encoding = _guess(content)
    return _decode(content, encoding), encoding


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeError as error:
        raise UnreadableReport(
            f"not {encoding.upper()} text, as its first bytes or their frequency say ({error}): "
            "convert it, for example with iconv -t UTF-8"
        ) from None


def _guess(content: bytes) -> str:
    """The encoding of bytes that are not UTF-8, by how often what stands in them.

    A few accents in a text of ASCII tell little: Windows' Western European is what they mostly are.
    """
    if sum(byte > 0x7F for byte in content[:_SAMPLE]) < _MANY and _is_western(content):
        return "windows-1252"
    from charset_normalizer import from_bytes

    best = from_bytes(content[:_SAMPLE], cp_isolation=list(_COMMON)).best()
    if best is None:
        if _is_western(content):
            return "windows-1252"
        raise UnreadableReport("no text in any common encoding: convert it to UTF-8")
    return best.encoding


def _is_western(content: bytes) -> bool:
    """Whether it can be Windows-1252 text: what that leaves open, and control bytes, are not in."""
    try:
        text = content.decode("windows-1252")
    except UnicodeDecodeError:
        return False
    return not any(character < " " and character not in "\t\n\r\f\x1b" for character in text)
