"""Read PowerPoint files: slides in order, with their tables and speaker's notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.formats.nested.package import Package
from index.formats.office.properties import attribute, local, read_properties, related
from index.formats.text.compose import Composer
from index.formats.types import Extracted, Reading

if TYPE_CHECKING:
    from lxml.etree import _Element

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_MAIN = "ppt/presentation.xml"
_RUNNING = ("sldNum", "ftr", "dt", "hdr", "sldImg")


def read(content: bytes, reading: Reading) -> Iterator[Extracted]:  # noqa: ARG001
    """The one document. Raises UnreadableReport."""
    package = Package(content)
    title, day, author = read_properties(package)
    evidence = "metadata" if title else None
    composer = Composer()
    for number, slide in enumerate(_slides(package), start=1):
        composer.begin("slide", f"slide {number}")
        head = _write_slide(composer, package.read_xml(slide))
        if number == 1 and title is None and head:
            title, evidence = head, "heading"
        for kind, name in related(package, slide).values():
            if kind == "notesSlide":
                _write_slide(composer, package.read_xml(name))
    text, parts = composer.finish()
    yield Extracted(
        text,
        _MEDIA_TYPE,
        title=title,
        title_evidence=evidence,
        date=day,
        date_evidence="metadata" if day else None,
        author=author,
        parts=parts,
    )


def _slides(package: Package) -> Iterator[str]:
    names = related(package, _MAIN)
    for slide in package.read_xml(_MAIN).iterfind("{*}sldIdLst/{*}sldId"):
        # Of its two attributes named id, the one with a namespace leads to the slide.
        key = next((said for name, said in slide.items() if name.endswith("}id")), "")
        if key in names:
            yield names[key][1]


def _write_slide(composer: Composer, slide: _Element) -> str:
    """Add a slide's words, its title first; the title."""
    shapes = [each for each in slide.iter("{*}sp", "{*}graphicFrame") if not _is_fallback(each)]
    title = ""
    for shape in sorted(shapes, key=lambda each: _kind(each) not in ("title", "ctrTitle")):
        kind = _kind(shape)
        if kind in _RUNNING:
            continue
        if local(shape) == "graphicFrame":
            for table in shape.iter("{*}tbl"):
                composer.table(
                    [
                        [" ".join(_paragraphs(cell)) for cell in row.iterfind("{*}tc")]
                        for row in table.iterfind("{*}tr")
                    ]
                )
            continue
        words = list(_paragraphs(shape))
        if kind in ("title", "ctrTitle"):
            title = " ".join(" ".join(words).split())
            composer.heading(1, title)
        else:
            for paragraph in words:
                composer.paragraph(paragraph)
    return title


def _kind(shape: _Element) -> str:
    """What a shape is for; empty where it is for nothing in particular."""
    place = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
    return "" if place is None else attribute(place, "type") or ""


def _is_fallback(shape: _Element) -> bool:
    return any(local(each) == "Fallback" for each in shape.iterancestors())


def _paragraphs(shape: _Element) -> Iterator[str]:
    for paragraph in shape.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}p"):
        yield "".join(
            "\n" if local(each) == "br" else each.text or ""
            for each in paragraph.iter("{*}t", "{*}br")
        )
