import pytest

from api.urls import Place, local_url, read_place, read_uri, report_uri


@pytest.mark.parametrize("place", [Place("doc_1"), Place("doc_1", (0, 0)), Place("doc_1", (3, 14))])
def test_a_place_is_read_as_it_was_written(place: Place) -> None:
    assert read_place(str(place)) == place


def test_a_place_is_written_as_in_addresses() -> None:
    assert str(Place("doc_1", (3, 14))) == "doc_1#char=3,14"


@pytest.mark.parametrize(
    ("uri", "document_id"),
    [
        (report_uri("doc_1"), "doc_1"),
        ("dateline://documents/doc_1#char=3,14", "doc_1"),
        ("dateline://documents/", ""),
        ("dateline://other/doc_1", ""),
        ("doc_1", ""),
        ("", ""),
    ],
)
def test_a_uri_names_a_report_or_none(uri: str, document_id: str) -> None:
    assert read_uri(uri) == document_id


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("/reports/a b.txt", "file:///reports/a%20b.txt#char=3,14"),
        ("https://news.example/1", "https://news.example/1#char=3,14"),
        ("upload:68a6", "dateline://documents/doc_1#char=3,14"),
        ("gas.txt", "dateline://documents/doc_1#char=3,14"),
        ("", "dateline://documents/doc_1#char=3,14"),
    ],
)
def test_without_a_server_a_report_has_an_address_all_the_same(source: str, url: str) -> None:
    assert local_url("doc_1", source, 3, 14) == url
