"""Take the pictures of the page that the docs show: `python -m tests.screenshots docs/screenshots`.

It serves the sample reports with the real models from a home of its own, made in a temporary
folder, or from --home, whose models and reports are then used.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create_app
from api.main import main as dateline
from api.settings import Settings
from tests.browser.serve import find_chromium, serving

SEEDS = Path(__file__).parents[1] / "seeds"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

Act = Callable[[Page], None]


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the reply."""
    turns = page.locator(".turn")
    count = turns.count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    turns.nth(count).locator(".answer, .silence, .note").first.wait_for()


def _answers(page: Page) -> None:
    ask(page, "why did the dyke give way?")
    ask(page, "who said that?")


def _quote(page: Page) -> None:
    ask(page, "why did protests start?")
    page.locator(".reference").first.click()
    page.locator("#report-text mark").first.wait_for()


def _silence(page: Page) -> None:
    ask(page, "who won the football cup final?")


def _differ(page: Page) -> None:
    ask(page, "how many houses were flooded?")


def _upload(page: Page) -> None:
    page.get_by_role("button", name="Add reports…").click()
    note = b"Harbour closed\n\n3 April 2023\n\nThe harbour closed on Monday because of the storm."
    page.locator("#files").set_input_files(
        [
            {"name": "harbour-2023-04-03.txt", "mimeType": "text/plain", "buffer": note},
            {"name": "minutes.txt", "mimeType": "text/plain", "buffer": b"\x00\x01\x02\x03" * 40},
            {"name": "empty.md", "mimeType": "text/plain", "buffer": b""},
        ]
    )
    page.locator("#uploads-clear").wait_for()


def _empty(page: Page) -> None:
    page.locator(".welcome").wait_for()


SHOTS: tuple[tuple[str, Act, str, dict[str, int]], ...] = (
    ("empty", _empty, "light", DESKTOP),
    ("desktop-light", _answers, "light", DESKTOP),
    ("desktop-dark", _answers, "dark", DESKTOP),
    ("report-at-quote", _quote, "light", DESKTOP),
    ("report-at-quote-dark", _quote, "dark", DESKTOP),
    ("unanswerable", _silence, "light", DESKTOP),
    ("figures-differ", _differ, "light", DESKTOP),
    ("phone", _answers, "light", PHONE),
    ("phone-report", _quote, "dark", PHONE),
    ("upload", _upload, "light", DESKTOP),
)


def take(browser: Browser, address: str, folder: Path, names: list[str]) -> None:
    """Take the pictures, those of `names` if it has any."""
    for name, act, scheme, size in SHOTS:
        if names and name not in names:
            continue
        context = browser.new_context(
            viewport=size, color_scheme=scheme, reduced_motion="reduce", locale="en-GB"
        )
        page = context.new_page()
        page.goto(address)
        page.locator("#report-list li").first.wait_for(state="attached")
        act(page)
        page.wait_for_timeout(300)
        page.screenshot(path=folder / f"{name}.png")
        context.close()


@contextmanager
def _home(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        dateline(["ingest", "--home", folder, str(SEEDS)])
        yield Path(folder)


def main() -> None:
    """Take them all, or those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with (
        _home(options.home) as home,
        serving(create_app(Settings(home=home))) as address,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=find_chromium()) as browser,
    ):
        take(browser, address, options.folder, options.names)


if __name__ == "__main__":
    main()
