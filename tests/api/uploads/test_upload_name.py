import pytest

from api.uploads.receive import MAX_NAME, shown_name, upload_name
from index.errors import UnreadableReport


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("report.txt", "report.txt"),
        ("2023/march/report.txt", "2023/march/report.txt"),
        ("../../x", "x"),
        ("a/../../b.txt", "a/b.txt"),
        ("/etc/passwd", "etc/passwd"),
        ("//server/share/x.txt", "server/share/x.txt"),
        ("C:\\Users\\me\\x.txt", "Users/me/x.txt"),
        ("..\\..\\x.txt", "x.txt"),
        ("./x.txt", "x.txt"),
        (".hidden.txt", ".hidden.txt"),
        ("\u00e9t\u00e9 \U0001f525.txt", "\u00e9t\u00e9 \U0001f525.txt"),
        ("a b;c\"d'.txt", "a b;c\"d'.txt"),
        ("\u202etxt.exe", "\u202etxt.exe"),
        ("x" * (MAX_NAME - 4) + ".txt", "x" * (MAX_NAME - 4) + ".txt"),
    ],
)
def test_a_name_is_kept_without_what_leads_out_of_a_folder(sent: str, kept: str) -> None:
    assert upload_name(sent.encode()) == kept


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", "no name"),
        (b" ", "no name"),
        (b"..", "no name"),
        (b"../..", "no name"),
        (b"/", "no name"),
        (b"C:\\", "no name"),
        (b"a\0b.txt", "control character"),
        (b"a\nb.txt", "control character"),
        (b"\x1b[2Jb.txt", "control character"),
        ("a\x85.txt".encode(), "control character"),
        (b"\xff.txt", "not UTF-8"),
        (b"\xed\xa0\x80.txt", "not UTF-8"),
        (b"x" * (MAX_NAME + 1), "more than 1,000 characters"),
    ],
)
def test_a_name_that_cannot_be_kept_is_refused(sent: bytes, reason: str) -> None:
    with pytest.raises(UnreadableReport, match=reason):
        upload_name(sent)
    shown = shown_name(sent)
    assert shown.isprintable()
    assert len(shown) <= 400
