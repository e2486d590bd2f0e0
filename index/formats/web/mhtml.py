"""Read saved web pages (MHTML): the page in it; pictures and styles are passed over."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator

from index.errors import UnreadableReport
from index.formats.types import Extracted, Reading
from index.formats.web.html import decode_page, read_page


def read(content: bytes, reading: Reading) -> Iterator[Extracted]:  # noqa: ARG001
    """The one page. Raises UnreadableReport if there is none."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                page = decode_page(payload, part.get_content_charset())
                said = message["Snapshot-Content-Location"] or part["Content-Location"]
                url = str(said) if said and str(said).startswith("http") else None
                yield read_page(page, url)
                return
    raise UnreadableReport("damaged, or no saved web page: there is no page in it")
