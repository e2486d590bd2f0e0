from fastapi.testclient import TestClient

from tests.api.shapes import assert_error, assert_reply
from tests.index.formats.made import make_pdf

CAUSE = "Residents were angry because the price of gas had risen."
PAGES = ["The mayor of the northern town spoke for two hours about the harvest." for _ in range(60)]


def upload(client: TestClient, name: str, content: bytes) -> str:
    files = [("files", (name, content))]
    job = client.post("/v1/documents?wait=true", files=files).json()
    (file,) = job["files"]
    assert file["status"] == "done", file
    (document,) = file["documents"]
    return str(document["id"])


def test_a_citation_of_a_pdf_names_the_page_and_its_boxes(client: TestClient) -> None:
    document = upload(client, "report.pdf", make_pdf([*PAGES, CAUSE], title="Unrest"))
    response = client.post("/v1/ask", json={"question": "why were residents angry?"})
    reply = assert_reply(client, response)
    (cited,) = [each for each in reply["citations"] if CAUSE in each["cited_text"]][:1]
    assert (cited["page"], cited["section"]) == (2, None)
    parts = client.get(f"/v1/documents/{document}/parts").json()["parts"]
    assert {(part["kind"], part["label"]) for part in parts} == {("page", "1"), ("page", "2")}
    (page,) = [
        part
        for part in parts
        if part["start_char_index"] <= cited["start_char_index"] < part["end_char_index"]
    ]
    assert page["label"] == "2"
    where = {"start": cited["start_char_index"], "end": cited["end_char_index"]}
    boxes = client.get(f"/v1/documents/{document}/boxes", params=where).json()["pages"]
    assert [each["page"] for each in boxes] == [2]
    assert all(0 < left < right < 595 for left, _, right, _ in boxes[0]["boxes"])


def test_a_citation_of_markdown_names_its_section(client: TestClient) -> None:
    upload(client, "report.md", f"# Unrest\n\n## Causes\n\n{CAUSE}\n".encode())
    reply = client.post("/v1/ask", json={"question": "why were residents angry?"}).json()
    assert {each["section"] for each in reply["citations"]} >= {"Unrest > Causes"}
    assert {each["page"] for each in reply["citations"]} == {None}


def test_a_document_says_who_wrote_it_and_where_it_is_from(client: TestClient) -> None:
    page = (
        '<html><head><title>Unrest</title><link rel="canonical" href="https://news.example/a">'
        f'<meta name="author" content="Ansa Dreel"></head><body><p>{CAUSE}</p></body></html>'
    )
    body = client.get(f"/v1/documents/{upload(client, 'a.html', page.encode())}").json()
    assert (body["author"], body["url"]) == ("Ansa Dreel", "https://news.example/a")
    assert (body["title"], body["title_evidence"]) == ("Unrest", "metadata")


def test_plain_text_has_no_parts_and_no_boxes(client: TestClient) -> None:
    document = upload(client, "a.txt", CAUSE.encode())
    assert client.get(f"/v1/documents/{document}/parts").json() == {"parts": []}
    where = {"start": 0, "end": 5}
    assert client.get(f"/v1/documents/{document}/boxes", params=where).json() == {"pages": []}


def test_places_of_what_is_not_there_are_an_error(client: TestClient) -> None:
    response = client.get("/v1/documents/doc_0/parts")
    assert_error(response, 404, "unknown_document", "document_id")
    response = client.get("/v1/documents/doc_0/boxes", params={"start": 0, "end": 1})
    assert_error(response, 404, "unknown_document", "document_id")
    assert client.get("/v1/documents/doc_0/boxes").status_code == 422


def test_what_of_an_upload_cannot_be_read_is_told_beside_what_can(client: TestClient) -> None:
    from tests.index.formats.made import make_zip

    files = [("files", ("a.zip", make_zip({"a.txt": CAUSE, "b.pdf": b"%PDF-1.4 no"})))]
    (file,) = client.post("/v1/documents?wait=true", files=files).json()["files"]
    assert file["status"] == "done"
    assert len(file["documents"]) == 1
    assert "b.pdf: damaged" in file["error"]["message"]
