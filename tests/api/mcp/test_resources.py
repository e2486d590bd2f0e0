import datetime
from operator import methodcaller
from typing import Any

import pytest
from mcp import Client, MCPError

import api.mcp.resources
from index.store.delete import delete_document
from retrieval.types import Pipeline
from tests.api.mcp.conftest import REVISIONS, using
from tests.factories import AWKWARD, store

Texts = dict[str, str]


@pytest.fixture
def texts(pipeline: Pipeline) -> Texts:
    """Five reports of a day each, by id, newest first."""
    made = {}
    for day in range(5, 0, -1):
        text = f"On day {day} the river rose. " + "".join(AWKWARD)
        date = datetime.date(2023, 3, day)
        stored = store(pipeline.database, pipeline.encoder, text, title=f"Day {day}", date=date)
        made[stored.document_id] = text
    return made


async def pages(client: Client) -> list[list[Any]]:
    """All pages of the list."""
    found, cursor = [], None
    while not found or cursor is not None:
        page = await client.list_resources(cursor=cursor)
        found.append(page.resources)
        cursor = page.next_cursor
    return found


@pytest.mark.parametrize(("size", "sizes"), [(2, [2, 2, 1]), (5, [5]), (4, [4, 1])])
def test_reports_are_listed_newest_first_a_page_at_a_time(
    address: str,
    revision: str,
    texts: Texts,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    sizes: list[int],
) -> None:
    monkeypatch.setattr(api.mcp.resources, "PAGE", size)
    found = using(address, REVISIONS[revision], pages)
    assert [len(page) for page in found] == sizes
    listed = [each for page in found for each in page]
    assert [each.name for each in listed] == list(texts)
    assert [each.uri for each in listed] == [f"dateline://documents/{each}" for each in texts]
    assert listed[0].title == "Day 5"
    assert listed[0].description == "Report of 2023-03-05, in the collection default."
    assert {each.mime_type for each in listed} == {"text/plain"}


def test_without_reports_the_list_is_empty(address: str, revision: str) -> None:
    assert using(address, REVISIONS[revision], pages) == [[]]


def test_a_report_is_read_as_it_is_stored(address: str, revision: str, texts: Texts) -> None:
    async def read(client: Client) -> list[Any]:
        (template,) = (await client.list_resource_templates()).resource_templates
        wanted = [template.uri_template.replace("{document_id}", each) for each in texts]
        # Where a citation points is in the report too.
        wanted.append(f"{wanted[0]}#char=3,8")
        return [(uri, (await client.read_resource(uri)).contents) for uri in wanted]

    found = using(address, REVISIONS[revision], read)
    stored = [*texts.values(), next(iter(texts.values()))]
    for (uri, (content,)), text in zip(found, stored, strict=True):
        assert (content.uri, content.mime_type, content.text) == (uri, "text/plain", text)


def test_a_report_that_there_is_not_cannot_be_read(
    address: str, revision: str, texts: Texts
) -> None:
    first = next(iter(texts))
    for uri, named in (
        ("dateline://documents/doc_0", "doc_0"),
        (f"dateline://{first}", f"dateline://{first}"),
        (first, first),
        ("file:///etc", "file:///etc"),
    ):
        with pytest.raises(MCPError, match=f"no document has the id '{named}'") as caught:
            using(address, REVISIONS[revision], methodcaller("read_resource", uri))
        assert caught.value.code == -32602
        assert caught.value.error.data == {"uri": uri}


def test_a_deleted_report_is_neither_listed_nor_read(
    address: str, revision: str, texts: Texts, pipeline: Pipeline
) -> None:
    gone, *rest = texts
    delete_document(pipeline.database, gone)
    (listed,) = using(address, REVISIONS[revision], pages)
    assert [each.name for each in listed] == rest
    with pytest.raises(MCPError, match="no document has the id"):
        using(
            address,
            REVISIONS[revision],
            methodcaller("read_resource", f"dateline://documents/{gone}"),
        )


def test_a_cursor_that_no_page_gave_is_refused(address: str, revision: str) -> None:
    for cursor in ("", "-1", "next", "1.5", "²", "9" * 5000):
        with pytest.raises(MCPError, match="no page gave the cursor") as caught:
            using(address, REVISIONS[revision], methodcaller("list_resources", cursor=cursor))
        assert caught.value.code == -32602
