"""Read a mail: its words, and what is attached to it."""

from __future__ import annotations

import codecs
import datetime
import email
import email.policy
import itertools
import re
from collections.abc import Iterator
from email.message import EmailMessage

from index.errors import UnreadableReport
from index.formats.nested.members import is_known, read_member
from index.formats.text.compose import Composer
from index.formats.text.plain import decode_text
from index.formats.types import Extracted, Found, Part, Reading
from index.formats.web.html import decode_page, parse_page
from index.formats.web.markup import compose_markup
from index.metadata.day import read_day
from index.metadata.report_date import find_report_date

_STUB_WORDS = 60
"""Words of a plain part that only says that there is an HTML one, at the most."""
_QUOTE = re.compile(
    r"^(?P<says>On [^\n]{6,200}(?:\n[^\n>]{1,200})?\bwrote:)[ \t]*\n\s*"
    r"(?P<quote>(?:^>[^\n]*(?:\n|\Z))+)",
    re.M,
)
_SAID_DAY = re.compile(r"\d{1,2} \w+ \d{4}|\w+ \d{1,2}, \d{4}|\d{4}-\d\d-\d\d")
_WHO = re.compile(r"(?:\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?|\d{4}),?\s+([^\d]+?)\s+wrote:\Z")


def read(content: bytes, reading: Reading) -> Iterator[Found]:
    """The message, then its attachments of known formats. Raises UnreadableReport."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = decode_text(content)[0].encode()
    message = email.message_from_bytes(content, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise UnreadableReport("damaged, or no mail: it has no header")
    text, parts = _words(message)
    text, quoted = ("", []) if not text else _without_quotes(text) if not parts else (text, [])
    day = _day(message)
    if any(map(str.isalnum, text)):
        subject = _header(message, "subject")
        yield Extracted(
            text,
            "message/rfc822",
            title=subject,
            title_evidence="header" if subject else None,
            date=day,
            date_evidence="header" if day else None,
            is_dated_firmly=True,
            author=_header(message, "from"),
            parts=parts,
        )
    for number, (attribution, words) in enumerate(quoted, start=1):
        said = _SAID_DAY.search(attribution)
        found = said and find_report_date(
            said[0], file_name=None, modified=None, today=datetime.date.max
        )
        who = _WHO.search(attribution)
        yield Extracted(
            words,
            "message/rfc822",
            title=_header(message, "subject"),
            title_evidence="header" if _header(message, "subject") else None,
            date=found.day if found else None,
            date_evidence="quoted" if found else None,
            is_dated_firmly=True,
            author=who[1].strip(' ,"') if who else None,
            member=f"quoted {number}",
        )
    for number, attached in enumerate(_attachments(message), start=1):
        name = (attached.get_filename() or "").replace("\\", "/").rpartition("/")[2]
        if attached.get_content_type() == "message/rfc822":
            inner = attached.get_content()
            yield from read_member(
                inner.as_bytes(), "message.eml", f"{number}-{name or 'message.eml'}", reading
            )
        elif is_known(name):
            payload = attached.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield from read_member(payload, name, f"{number}-{name}", reading)


def _words(message: EmailMessage) -> tuple[str, tuple[Part, ...]]:
    """What the message says, in its order: words may go on after a picture.

    Of alternatives it is the plain text, unless that only stands in for the HTML.
    """
    bodies = list(_bodies(message))
    if len(bodies) == 1 and bodies[0].get_content_type() == "text/html":
        return _composed(bodies[0])
    texts = [text for body in bodies if (text := _plain_words(body))]
    return "\n\n".join(texts), ()


def _bodies(part: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that are shown as the message's text."""
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        choices = [[*_bodies(each)] for each in part.iter_parts() if isinstance(each, EmailMessage)]
        yield from _choose([each for each in choices if each])
    elif kind == "multipart/related":
        yield from itertools.islice(
            (
                body
                for each in part.iter_parts()
                if isinstance(each, EmailMessage)
                for body in _bodies(each)
            ),
            1,
        )
    elif part.is_multipart() and part.get_content_maintype() == "multipart":
        for each in part.iter_parts():
            if isinstance(each, EmailMessage):
                yield from _bodies(each)
    elif kind in ("text/plain", "text/html") and not (
        part.get_filename() or part.get_content_disposition() == "attachment"
    ):
        yield part


def _choose(choices: list[list[EmailMessage]]) -> list[EmailMessage]:
    """The plain choice, unless it says far less than another."""
    if not choices:
        return []
    plain = next(
        (each for each in choices if all(b.get_content_type() == "text/plain" for b in each)), None
    )
    other = next((each for each in choices if each is not plain), None)
    if plain is None or other is None:
        return plain or choices[0]
    said, whole = (sum(len(_plain_words(b).split()) for b in each) for each in (plain, other))
    return other if said < _STUB_WORDS and whole > 2 * said else plain


def _composed(body: EmailMessage) -> tuple[str, tuple[Part, ...]]:
    payload = body.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return "", ()
    composer = Composer()
    compose_markup(composer, parse_page(decode_page(payload, body.get_content_charset())))
    return composer.finish()


def _plain_words(body: EmailMessage) -> str:
    if body.get_content_type() == "text/html":
        return _composed(body)[0]
    payload = body.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        # What is UTF-8 beyond ASCII is so by no accident, whatever the header says of it.
        text = payload.decode() if not payload.isascii() else ""
        text = text or payload.decode(body.get_content_charset("utf-8"))
    except UnicodeDecodeError:
        try:
            text = payload.decode(body.get_content_charset("utf-8"))
        except (LookupError, UnicodeDecodeError):
            text = decode_text(payload)[0]
    except LookupError:
        text = decode_text(payload)[0]
    return text.replace("\r\n", "\n").strip("\n")


def _without_quotes(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The words of who wrote, and each quoted message with the line that says whose it is.

    Only what is announced and marked is taken for a quoted message.
    """
    quoted: list[tuple[str, str]] = []

    def take(found: re.Match[str]) -> str:
        words = re.sub(r"(?m)^>+ ?", "", found["quote"]).strip("\n")
        if any(map(str.isalnum, words)):
            quoted.append((" ".join(found["says"].split()), words))
        return ""

    own = _QUOTE.sub(take, text).strip("\n")
    return own, quoted


def _attachments(message: EmailMessage) -> Iterator[EmailMessage]:
    """What is attached to a message; what is attached to a mail in it is that mail's."""
    body = message.get_body(("plain", "html"))
    left = list(message.get_payload() if message.is_multipart() else ())[::-1]
    while left:
        part = left.pop()
        if not isinstance(part, EmailMessage) or part is body:
            continue
        if part.get_content_type() == "message/rfc822" or part.get_filename():
            yield part
        elif part.get_content_maintype() == "multipart" and part.is_multipart():
            left += list(part.iter_parts())[::-1]


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        said = message[name]
    except (ValueError, IndexError, TypeError, AttributeError):
        return None  # The standard library stumbles over some headers that are none.
    return " ".join(str(said).split()) or None if said is not None else None


def _day(message: EmailMessage) -> datetime.date | None:
    """The day by the clock of who sent it."""
    try:
        when = message["date"].datetime
    except (ValueError, IndexError, TypeError, AttributeError):
        when = None
    if isinstance(when, datetime.datetime):
        return when.date()
    return read_day(_header(message, "date") or "")
