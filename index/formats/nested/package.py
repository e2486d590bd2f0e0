"""Open archives and the formats that are archives; bombs and tricks are refused, not unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from index.errors import UnreadableReport

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_MEMBERS = 20_000
MOST_BYTES = 300_000_000
"""All members together, unpacked."""
MOST_RATIO = 200
"""Bytes unpacked for one packed, over all; text is packed twenty to one at best."""
_SMALL = 10_000_000
"""So much may be packed however well it is."""

_REASON = "it would unpack to {size:,} bytes or more, {ratio} times its size: not opened"


class Package:
    """The members of a ZIP file, read one at a time. Raises UnreadableReport."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise UnreadableReport("damaged: it is no whole ZIP file") from error
        self.members = self._zip.infolist()
        if len(self.members) > MOST_MEMBERS:
            raise UnreadableReport(
                f"{len(self.members):,} members are more than it may have ({MOST_MEMBERS:,})"
            )
        check_unpacked(sum(each.file_size for each in self.members), len(content))
        self._left = MOST_BYTES

    def names(self) -> set[str]:
        """The names of all members."""
        return {each.filename for each in self.members}

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises UnreadableReport if it is not there or cannot be read."""
        try:
            if self._zip.getinfo(name).flag_bits & 1:
                raise UnreadableReport("locked with a password: pack it without one")
            content = self._zip.read(name)
        except KeyError:
            raise UnreadableReport(f"damaged: {name} is not in it") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise UnreadableReport(f"damaged: {name} cannot be unpacked") from error
        # Members that share their packed bytes come out of the same place again and again.
        self._left -= len(content)
        if self._left < 0:
            raise UnreadableReport(_REASON.format(size=MOST_BYTES, ratio="many"))
        return content

    def read_xml(self, name: str, *, may_have_doctype: bool = False) -> _Element:
        """A member's XML. Raises UnreadableReport, also if it declares entities of its own."""
        return read_xml(self.read(name), may_have_doctype=may_have_doctype)


def check_unpacked(size: int, packed: int) -> None:
    """Raise UnreadableReport for what unpacks to too much."""
    ratio = size // max(packed, 1)
    if size > MOST_BYTES or (size > _SMALL and ratio > MOST_RATIO):
        raise UnreadableReport(_REASON.format(size=size, ratio=ratio))


def read_xml(content: bytes, *, may_have_doctype: bool = False) -> _Element:
    """The root of an XML document; nothing outside it is fetched.

    A document type is refused, unless it may be there; one that declares entities always.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableReport(f"damaged: its XML is not whole ({error.msg})") from None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and (not may_have_doctype or [*declared.iterentities()]):
        raise UnreadableReport("its XML declares a document type, as no program's does: refused")
    return root
