"""The page in real Chromium, on the fakes; nothing may go wrong that a test does not expect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.app import create_app
from api.settings import Settings
from retrieval.types import Pipeline
from tests.browser.serve import find_chromium, serving

GAS = (
    "Protests in the republic\n2022-01-05\n\nProtests began on January 2. Residents were angry "
    "because the price of gas had risen. The mayor left the city."
)
FLOOD = (
    "Flood in the valley \U0001f30a\U0001f469\u200d\U0001f692\n2023-03-14\n\nThe \U0001f600 river "
    "broke its dyke on Tuesday. Twelve houses were flooded.\n\n"
    + "The mayor said nothing new. \n\n"
    * 400
    + "Then "
    "\U0001d54f the school\u2019s \U0001f3eb bells rang \U0001f514 all night. The end."
)

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, which ends with the module: other tests want no event loop running."""
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("there is no chromium: apt-get install chromium")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium) as browser,
    ):
        yield browser


@pytest.fixture(autouse=True)
def _only_the_tests_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DATELINE_{name.upper()}", raising=False)


@pytest.fixture
def key() -> str | None:
    """The key that the service asks for."""
    return None


@pytest.fixture
def address(home: Path, pipeline: Pipeline, key: str | None) -> Iterator[str]:
    """The address of a service without reports."""
    settings = Settings(home=home, max_request_bytes=400_000, api_key=key)  # type: ignore[arg-type]
    with serving(create_app(settings, pipeline)) as address:
        yield address


@pytest.fixture
def add(address: str, key: str | None) -> Callable[..., dict[str, Any]]:
    """Add a report and return what the service says of it."""

    def add(text: str, **fields: str) -> dict[str, Any]:
        with httpx2.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}) as client:
            job = client.post("/v1/documents?wait=true", json={"text": text, **fields}).json()
            document_id = job["files"][0]["documents"][0]["id"]
            return dict(client.get(f"/v1/documents/{document_id}").json())

    return add


@pytest.fixture
def expected() -> list[str]:
    """What a test expects in the console, as parts of messages: "404" and the like."""
    return []


@pytest.fixture
def open_page(browser: Browser, address: str, expected: list[str]) -> Iterator[Open]:
    """Open a page. The test fails for a request to elsewhere and any error in the console."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def complain(kind: str, text: str) -> None:
        if not any(part in text for part in expected):
            wrong.append(f"{kind}: {text}")

    def opened(path: str = "/", **options: Any) -> Page:
        context = browser.new_context(
            **({"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"} | options)
        )
        contexts.append(context)
        context.set_default_timeout(8000)
        page = context.new_page()
        page.on(
            "console",
            lambda said: said.type == "error" and complain("console", said.text),
        )
        page.on("pageerror", lambda error: complain("script", str(error)))
        page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))

        def check(request: Any) -> None:
            if not request.url.startswith((address, "blob:", "data:")):
                wrong.append(f"request to {request.url}")

        page.on("request", check)
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture
def reports(add: Callable[..., dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """`gas`, and `flood` with characters beyond U+FFFF before every quote, in `floods`."""
    return {
        "gas": add(GAS, source="gas.txt", date="2022-01-05"),
        "flood": add(FLOOD, source="flood.txt", date="2023-03-14", collection="floods"),
    }
