"""Conversations and reports: adding, finding, renaming, saving, deleting."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import GAS, Open
from tests.browser.looks import ask, marked, sizes, whole_text

Reports = dict[str, dict[str, Any]]


def choose(page: Page, *files: tuple[str, bytes]) -> None:
    """Add files with the button, and wait until all are through."""
    if page.locator("#adding").is_hidden():
        page.get_by_role("button", name="Add reports").click()
    page.locator("#files").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in files]
    )
    page.get_by_role("button", name="Dismiss").wait_for()


def test_without_reports_it_says_how_to_add_them_and_they_can_be_asked(open_page: Open) -> None:
    page = open_page()
    expect(page.locator("#report-list")).to_contain_text("There are no reports yet")
    choose(page, ("gas.txt", GAS.encode()), ("picture.txt", b"\0\1\2\3"))
    expect(page.locator("#uploads-title")).to_have_text("1 file taken in, 1 failed")
    expect(page.locator("#upload-list .done .name")).to_have_text("gas.txt")
    expect(page.locator("#upload-list .failed .state")).not_to_be_empty()
    expect(page.locator("#report-list a")).to_have_text("Protests in the republic")
    expect(ask(page, "why were residents angry?").locator(".answer").first).to_be_visible()


def test_a_dropped_file_is_added(open_page: Open) -> None:
    page = open_page()
    expect(page.locator("#report-list")).to_contain_text("There are no reports yet")
    transfer = page.evaluate_handle(
        """text => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], "dropped.txt", { type: "text/plain" }));
          return transfer;
        }""",
        GAS,
    )
    page.dispatch_event("#chat", "dragenter", {"dataTransfer": transfer})
    expect(page.locator("#drop-here")).to_be_visible()
    page.dispatch_event("#chat", "drop", {"dataTransfer": transfer})
    expect(page.locator("#drop-here")).to_be_hidden()
    expect(page.locator("#report-list a")).to_have_text("Protests in the republic")


def test_a_file_that_is_too_large_is_refused_in_words(open_page: Open, expected: list[str]) -> None:
    expected += ["413"]
    page = open_page()
    choose(page, ("large.txt", b"word " * 100_000))
    expect(page.locator("#upload-list .failed .state")).to_contain_text("400,000 bytes")


def test_reports_are_found_by_title_and_deleted_after_asking(
    open_page: Open, reports: Reports
) -> None:
    page = open_page()
    page.get_by_label("Search the titles").fill("republic PROTESTS")
    expect(page.locator("#report-list a")).to_have_text(["Protests in the republic"])
    page.get_by_role("button", name="Delete Protests in the republic").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#report-list a")).to_have_count(1)
    page.get_by_role("button", name="Delete Protests in the republic").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("#report-list .none")).to_have_text("No report matches.")
    page.get_by_label("Search the titles").fill("")
    expect(page.locator("#report-list a")).to_have_count(1)
    expect(ask(page, "why were residents angry?").locator(".silence")).to_be_visible()


def test_a_quote_of_a_deleted_report_stays_without_its_link(
    open_page: Open, reports: Reports
) -> None:
    page = open_page()
    ask(page, "why were residents angry?").locator(".answer .reference").first.click()
    marked(page)
    page.locator("#report-menu summary").click()
    page.locator("#report-delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("#library")).to_be_visible()
    page.reload()
    expect(page.locator(".answer mark").first).to_contain_text("Residents were angry")
    expect(page.locator(".answer a")).to_have_count(0)
    expect(page.locator(".sources")).to_contain_text("deleted since")


def test_many_reports_come_a_page_at_a_time(open_page: Open, address: str) -> None:
    reports = [(f"{number}.txt", f"Report {number}\n\nThe {number}th.") for number in range(53)]
    files = [("files", (name, text.encode())) for name, text in reports]
    assert httpx2.post(f"{address}/v1/documents?wait=true", files=files).status_code == 200
    page = open_page()
    expect(page.locator("#page-range")).to_have_text("1\u201350 of 53")
    page.get_by_role("button", name="Older", exact=True).click()
    expect(page.locator("#page-range")).to_have_text("51\u201353 of 53")
    expect(page.locator("#report-list a")).to_have_count(3)


def test_a_conversation_is_renamed_saved_and_deleted(
    open_page: Open, reports: Reports, tmp_path: Path
) -> None:
    page = open_page()
    ask(page, "why were residents angry?")
    menu = page.locator("#conversation-menu summary")
    menu.click()
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Title", exact=True).fill("Gas & <b>prices</b>")
    page.keyboard.press("Enter")
    expect(page.locator("#conversation-title")).to_have_text("Gas & <b>prices</b>")
    expect(page.locator("#conversation-list a")).to_have_text("Gas & <b>prices</b>")
    for kind, part in (("Markdown", "price of gas had risen"), ("JSON", '"cited_text"')):
        menu.click()
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save as {kind}").click()
        saved = tmp_path / download.value.suggested_filename
        download.value.save_as(saved)
        assert part in saved.read_text(encoding="utf-8")
    menu.click()
    page.get_by_role("button", name="Delete…", exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("#conversation-list a")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()


@pytest.mark.parametrize("key", ["s3cret"])
def test_a_key_is_asked_for_and_kept_for_the_tab(
    open_page: Open, reports: Reports, expected: list[str], key: str
) -> None:
    expected += ["401"]
    page = open_page()
    dialog = page.get_by_role("dialog")
    for given in ("wrong", key):
        dialog.get_by_label("Key").fill(given)
        dialog.get_by_role("button", name="Use this key").click()
        if given == "wrong":
            expect(dialog).to_contain_text("did not accept")
    expect(page.locator("#report-list a")).to_have_count(2)
    assert ask(page, "why were residents angry?").locator(".answer").count()
    choose(page, ("note.txt", b"Harbour closed\n\nThe harbour closed for a storm."))
    expect(page.locator("#upload-list .done")).to_have_count(1)
    page.reload()
    expect(page.locator("#report-list a")).to_have_count(3)
    expect(dialog).to_be_hidden()


def test_a_phone_shows_one_thing_at_a_time(open_page: Open, reports: Reports) -> None:
    page = open_page(viewport={"width": 360, "height": 640})
    turn = ask(page, "why were residents angry?")
    expect(page.locator("#side")).to_be_hidden()
    assert sizes(page)["needed"] <= 360
    turn.locator(".answer .reference").first.click()
    marked(page)
    expect(page.locator("#chat")).to_be_hidden()
    expect(page.locator("#report-text mark").first).to_be_in_viewport()
    assert sizes(page)["needed"] <= 360
    page.get_by_role("button", name="Back to the answer").click()
    expect(turn).to_be_visible()
    page.get_by_role("button", name="Conversations").click()
    expect(page.locator("#conversation-list a")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#conversation-list a")).to_be_hidden()


def test_all_is_done_with_the_keyboard(open_page: Open, reports: Reports) -> None:
    page = open_page()
    page.locator("#report-list a").first.wait_for()
    box = page.get_by_label("Your question")
    expect(box).to_be_focused()
    page.keyboard.type("why were")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("residents angry?")
    assert box.input_value() == "why were\nresidents angry?"
    page.keyboard.press("Enter")
    page.locator(".answer").first.wait_for()
    expect(page.locator("#send")).to_be_enabled()
    page.keyboard.type("a draft")
    page.keyboard.press("ArrowUp")
    assert box.input_value() == "why were\nresidents angry?"
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    assert box.input_value() == "a draft"
    page.locator(".answer .reference").first.focus()
    page.keyboard.press("Enter")
    marked(page)
    page.keyboard.press("Escape")
    expect(page.locator("#library")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement !== document.body")


def test_a_report_of_megabytes_opens_at_its_quote(open_page: Open, reports: Reports) -> None:
    text = "\U0001f600 Some words of a long paragraph go on and on.\n\n" * 50_000
    text += "one line without an end " * 100_000 + "The \U0001f3eb end."
    start = text.index("The \U0001f3eb end")
    page = open_page()
    page.route("**/text", lambda route: route.fulfill(body=text, content_type="text/plain"))
    page.goto(f"{page.url}documents/{reports['gas']['id']}#char={start},{start + 9}")
    assert marked(page) == "The \U0001f3eb end"
    expect(page.locator("#report-text mark").first).to_be_in_viewport()
    assert whole_text(page) == text
