"""Damage files of every format and count what comes of reading them: python -m tests.fuzz_formats.

Each file of tests/index/formats/fixtures, and some that are made here, is damaged at random many
times over: bytes changed, cut out, doubled, the end cut off; inside archives too. Reading one may
find text or say why not; it must not cost more than the file, and never hang.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import io
import random
import zipfile
from pathlib import Path

from index.errors import UnreadableReport
from index.formats.process import isolate
from index.formats.types import Reading, Unreadable
from index.parse import parse_bytes
from tests.index.formats.made import TODAY, make_pdf, make_zip
from tests.index.formats.nested.test_mail import make_mail

FIXTURES = Path(__file__).parent / "index" / "formats" / "fixtures"


def files() -> dict[str, bytes]:
    """A file of every format."""
    found = {
        path.name: path.read_bytes()
        for path in sorted(FIXTURES.iterdir())
        if path.suffix not in (".sh",)
    }
    mail = make_mail()
    mail.add_attachment(make_pdf(["Two are dead."]), "application", "pdf", filename="x.pdf")
    found["mail.eml"] = mail.as_bytes()
    found["box.mbox"] = b"From a@b Tue Mar 14 23:30:00 2023\n" + mail.as_bytes() + b"\n"
    found["a.jsonl"] = b'{"id": "a", "title": "Rain", "text": "Rain fell."}\n' * 5
    found["a.jsonl.gz"] = gzip.compress(found["a.jsonl"])
    found["a.tsv"] = found["incidents.csv"].replace(b",", b"\t")
    found["a.txt"] = "Rain fell at the caf\u00e9.".encode("utf-16")
    found["a.mhtml"] = (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
        b"Content-Type: text/html\n\n" + found["news.html"] + b"\n--x--\n"
    )
    found["reportlab.pdf"] = make_pdf(["The river rose by a metre."] * 20, columns=2)
    found["a.zip"] = make_zip({name: found[name] for name in ("report.md", "reportlab.pdf")})
    return found


def damage(content: bytes, draw: random.Random) -> bytes:
    """The bytes with something wrong in them; of half of the archives, in a member."""
    if content.startswith(b"PK") and draw.random() < 0.5:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        name = draw.choice(sorted(members))
        return make_zip(members | {name: _damage(members[name], draw)})
    return _damage(content, draw)


def _damage(content: bytes, draw: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(draw.choice((1, 3, 10, 50))):
        if not changed:
            break
        at = draw.randrange(len(changed))
        match draw.randrange(5):
            case 0:
                changed[at] = draw.randrange(256)
            case 1:
                changed[at : at + draw.randrange(1, 40)] = b""
            case 2:
                changed[at:at] = changed[at : at + draw.randrange(1, 200)]
            case 3:
                changed[at : at + 4] = draw.randbytes(4)
            case _:
                del changed[max(at, len(changed) * 3 // 4) :]
    return bytes(changed)


def outcome(content: bytes, name: str) -> str:
    """What came of reading a file, in a word or two."""
    try:
        _, found = parse_bytes(content, Reading(name), modified=None, today=TODAY)
    except UnreadableReport as error:
        reason = str(error)
        for mark in ("crashed", "more than", "memory"):
            if mark in reason:
                return f"refused: {mark}"
        return "refused: other error" if "Error" in reason else "refused: told why"
    return "read in part" if any(isinstance(each, Unreadable) for each in found) else "read"


def main() -> None:
    """Damage, read, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100, help="each file")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    total: collections.Counter[str] = collections.Counter()
    for name, content in files().items():
        assert outcome(content, name) == "read", name
        counts = collections.Counter(
            outcome(damage(content, draw), name) for _ in range(options.times)
        )
        total += counts
        print(f"{name:20}", ", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
    print(f"{'all':20}", ", ".join(f"{n} {what}" for what, n in sorted(total.items())))
    isolate.shared.close()


if __name__ == "__main__":
    main()
