from __future__ import annotations

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest

from index.errors import UnreadableReport
from index.types import ParsedReport
from tests.index.formats.made import make_pdf, parse_all


def make_mail(
    subject: str = "Situation at Quendlow", text: str = "The dyke broke."
) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = "Ansa Dreel <ansa@example.org>"
    mail["Date"] = "Tue, 14 Mar 2023 23:30:00 -0500"
    mail.set_content(text)
    return mail


def reports(content: bytes, name: str) -> list[ParsedReport]:
    found = parse_all(content, name)
    assert all(isinstance(each, ParsedReport) for each in found), found
    return [each for each in found if isinstance(each, ParsedReport)]


def test_a_mail_is_a_document_with_what_its_header_says() -> None:
    (mail,) = reports(
        make_mail(text="The dyke broke.\nFrom there it spread.\n").as_bytes(), "a.eml"
    )
    assert mail.text == "The dyke broke.\nFrom there it spread."
    assert (mail.title, mail.title_evidence) == ("Situation at Quendlow", "header")
    assert (str(mail.date), mail.date_evidence) == ("2023-03-14", "header")
    assert mail.author == "Ansa Dreel <ansa@example.org>"


def test_html_is_read_where_there_is_no_plain_text() -> None:
    mail = make_mail()
    mail.set_content(
        "<style>p {}</style><p>Four are <b>missing</b>.</p><p>Rain.</p>", subtype="html"
    )
    assert reports(mail.as_bytes(), "a.eml")[0].text == "Four are missing.\n\nRain."


def test_attachments_are_documents_and_their_names_are_only_names() -> None:
    mail = make_mail()
    mail.add_attachment(make_pdf(["Two are dead."]), "application", "pdf", filename="../../x.pdf")
    mail.add_attachment(b"\x89PNG", "image", "png", filename="a.png")
    mail.add_attachment(make_mail("Forwarded", "Rain fell."))
    body, attached, forwarded = reports(mail.as_bytes(), "a.eml")
    assert (body.member, attached.member) == ("", "1-x.pdf")
    assert (attached.text, attached.media_type) == ("Two are dead.", "application/pdf")
    assert (forwarded.title, forwarded.text) == ("Forwarded", "Rain fell.")


def test_each_message_of_a_mailbox_is_a_document(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "a.mbox")
    first = make_mail(text="From the dam came the water.\n")
    first["Message-ID"] = "<one@example.org>"
    box.add(first)
    box.add(make_mail("Second", "Rain fell."))
    box.flush()
    box.close()
    content = (tmp_path / "a.mbox").read_bytes()
    for name in ("a.mbox", "Inbox"):
        one, two = reports(content, name)
        assert (one.member, one.text) == ("one@example.org", "From the dam came the water.")
        assert (two.member, two.title) == ("message 2", "Second")


def test_mails_in_mails_end_somewhere() -> None:
    mail = make_mail()
    for _ in range(8):
        outer = make_mail()
        outer.add_attachment(mail)
        mail = outer
    found = parse_all(mail.as_bytes(), "a.eml")
    assert 2 <= len(found) <= 6
    assert any("too deep" in getattr(each, "reason", "") for each in found)


@pytest.mark.parametrize(("content", "name"), [(b"", "a.eml"), (b"just words", "a.mbox")])
def test_what_is_no_mail_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(UnreadableReport, match="damaged, or no mail"):
        parse_all(content, name)
