"""What tests of the page do again and again."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect


def ask(page: Page, question: str) -> Locator:
    """Ask with the keyboard and return the turn when it has its reply."""
    turns = page.locator(".turn")
    count = turns.count()
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    turn = turns.nth(count)
    turn.locator(".answer, .silence, .note, .failure").first.wait_for()
    expect(page.get_by_role("button", name="Ask", exact=True).last).to_be_enabled()
    return turn


def marked(page: Page) -> str:
    """The text that is marked in the report shown, white space between paragraphs included."""
    page.locator("#report-text mark").first.wait_for()
    texts: list[str] = page.locator("#report-text mark").evaluate_all(
        "marks => marks.map((mark) => mark.textContent)"
    )
    return "".join(texts)


def whole_text(page: Page) -> str:
    """The text of the report shown."""
    return str(page.locator("#report-text").evaluate("place => place.textContent"))


def sizes(page: Page) -> dict[str, Any]:
    """How wide the page is, and how wide what it shows."""
    script = "() => ({ shown: innerWidth, needed: document.documentElement.scrollWidth })"
    return dict(page.evaluate(script))
