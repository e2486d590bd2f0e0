"""axe-core finds nothing serious, in light and dark, in each main state."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.looks import ask, marked

Reports = dict[str, dict[str, Any]]


def check(page: Page, state: str) -> None:
    """Fail for a serious or critical violation."""
    found = Axe().run(page).response["violations"]
    bad = [
        (each["id"], [node["html"][:160] for node in each["nodes"][:3]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert not bad, f"{state}: {bad}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_keeps_anybody_out(open_page: Open, reports: Reports, scheme: str) -> None:
    # axe-core makes elements from strings of its own, which the page's policy would refuse.
    page = open_page(color_scheme=scheme, bypass_csp=True)
    page.locator("#report-list a").first.wait_for()
    check(page, "empty")
    turn = ask(page, "why were residents angry?")
    check(page, "answer")
    ask(page, "who painted the ceiling of the chapel?")
    check(page, "silence")
    page.locator("#conversation-menu summary").click()
    check(page, "menu")
    page.get_by_role("button", name="Rename").click()
    check(page, "dialog")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add reports").click()
    check(page, "adding")
    turn.locator(".reference").first.click()
    marked(page)
    check(page, "report")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nor_does_one_on_a_phone(open_page: Open, reports: Reports, scheme: str) -> None:
    phone = {"width": 360, "height": 640}
    page = open_page(color_scheme=scheme, bypass_csp=True, viewport=phone)
    turn = ask(page, "why were residents angry?")
    check(page, "answer")
    turn.locator(".reference").first.click()
    marked(page)
    check(page, "report")
