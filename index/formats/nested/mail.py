"""Read a mail: its words, and what is attached to it."""

from __future__ import annotations

import datetime
import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage

from index.errors import UnreadableReport
from index.formats.nested.members import is_known, read_member
from index.formats.text.compose import Composer
from index.formats.text.plain import decode_text
from index.formats.types import Extracted, Found, Part, Reading
from index.formats.web.html import decode_page, parse_page
from index.formats.web.markup import compose_markup


def read(content: bytes, reading: Reading) -> Iterator[Found]:
    """The message, then its attachments of known formats. Raises UnreadableReport."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise UnreadableReport("damaged, or no mail: it has no header")
    text, parts = _words(message)
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
    """What the message says: its plain text where it has one, else its HTML."""
    body = message.get_body(("plain", "html"))
    payload = body.get_payload(decode=True) if body is not None else None
    if body is None or not isinstance(payload, bytes):
        return "", ()
    if body.get_content_type() == "text/html":
        composer = Composer()
        compose_markup(composer, parse_page(decode_page(payload, body.get_content_charset())))
        return composer.finish()
    try:
        text = payload.decode(body.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError):
        text = decode_text(payload)[0]
    return text.replace("\r\n", "\n").strip("\n"), ()


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
        return None
    return when.date() if isinstance(when, datetime.datetime) else None
