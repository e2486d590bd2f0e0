"""The page's files as they are served; what it does is tested in tests/browser."""

import re

import pytest
from fastapi.testclient import TestClient

from api.routes.page import FOLDER

FILES = sorted(path.name for path in FOLDER.iterdir())
ADDRESS = re.compile(r"(?:src|href)=\"([^\"#]+)\"")
IMPORT = re.compile(r"^import .* from \"\./([^\"]+)\";$", re.MULTILINE)


@pytest.mark.parametrize("path", ["/", "/documents/doc_1", *(f"/page/{name}" for name in FILES)])
def test_all_of_the_page_has_a_strict_policy(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    policy = response.headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"


def test_all_that_the_page_names_is_there(client: TestClient) -> None:
    page = client.get("/").text
    addresses = ADDRESS.findall(page)
    assert len(addresses) > 5
    for address in addresses:
        assert address.startswith("/")
        assert client.get(address).status_code == 200, address
    for name in FILES:
        for imported in IMPORT.findall((FOLDER / name).read_text(encoding="utf-8")):
            assert imported in FILES, f"{name} imports {imported}"


def test_scripts_and_styles_stand_in_files_of_their_own(client: TestClient) -> None:
    page = client.get("/").text
    assert not re.search(r"<script[^>]*>[^<]|<style|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_a_script_puts_no_text_in_as_html(name: str) -> None:
    source = (FOLDER / name).read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", source)


def test_a_file_that_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/page/main.js")
    again = client.get("/page/main.js", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert first.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("path", ["/page/none.js", "/page/../routes/page.py", "/page/"])
def test_no_other_file_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_reports_are_found_by_the_words_of_their_titles(
    client: TestClient, reports: dict[str, dict[str, str]]
) -> None:
    def found(q: str) -> list[str]:
        body = client.get("/v1/documents", params={"q": q}).json()
        assert body["total"] == len(body["documents"])
        return [each["id"] for each in body["documents"]]

    assert found("VALLEY flood") == [reports["flood"]["id"]]
    assert found("the") == [reports["flood"]["id"], reports["gas"]["id"]]
    assert found("the%") == []
    assert found("_") == []
    assert len(found("  ")) == 2
