"""Questions, answers, citations and what the reports do not say."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import FLOOD, GAS, Open
from tests.browser.looks import ask, marked, whole_text

Reports = dict[str, dict[str, Any]]


def test_an_answer_is_marked_in_its_sentence_and_opens_its_report_there(
    open_page: Open, reports: Reports
) -> None:
    page = open_page()
    turn = ask(page, "why were residents angry?")
    quote = "Residents were angry because the price of gas had risen."
    expect(turn.locator(".answer mark").first).to_have_text(quote)
    expect(turn.locator(".sure").first).to_contain_text("% sure")
    turn.locator(".answer .reference").first.click()
    assert marked(page) == quote
    expect(page.locator("#report-text mark").first).to_be_in_viewport()
    expect(page.locator("#report-title")).to_have_text("Protests in the republic")
    assert whole_text(page) == GAS
    assert f"/documents/{reports['gas']['id']}" in page.url


def test_offsets_are_code_points_where_characters_are_two_units(
    open_page: Open, reports: Reports
) -> None:
    page = open_page()
    turn = ask(page, "did the school bells rang all night?")
    turn.locator(".answer .reference").first.click()
    quote = "Then \U0001d54f the school\u2019s \U0001f3eb bells rang \U0001f514 all night."
    assert marked(page) == quote
    expect(page.locator("#report-text mark").first).to_be_in_viewport()
    assert whole_text(page) == FLOOD


def test_a_link_from_elsewhere_opens_a_report_at_a_place(open_page: Open, reports: Reports) -> None:
    start = FLOOD.index("Twelve houses")
    page = open_page(f"/documents/{reports['flood']['id']}#char={start},{start + 6}")
    assert marked(page) == "Twelve"
    expect(page.locator("#report-facts")).to_contain_text("14 March 2023 · floods")


def test_a_quote_over_several_paragraphs_is_marked_whole(open_page: Open, reports: Reports) -> None:
    start, end = FLOOD.index("Twelve"), FLOOD.index("said nothing")
    page = open_page(f"/documents/{reports['flood']['id']}#char={start},{end}")
    assert marked(page) == FLOOD[start:end]


def test_a_text_keeps_its_byte_order_mark_and_line_ends(open_page: Open, add: Any) -> None:
    text = (
        "\ufeffStorm at sea\r\n\r\nThe storm \U0001f300 sank a boat.\r\n \r\nNobody was hurt.\r\n"
    )
    start = text.index("sank")
    page = open_page(f"/documents/{add(text)['id']}#char={start},{start + 11}")
    assert marked(page) == "sank a boat"
    assert whole_text(page) == text


def test_the_reports_do_not_say_looks_different_and_shows_what_is_closest(
    open_page: Open, reports: Reports
) -> None:
    page = open_page()
    turn = ask(page, "who painted the famous ceiling of the mayor's chapel?")
    expect(turn.locator(".silence .verdict")).to_have_text("The reports do not say.")
    expect(turn.locator(".answer")).to_have_count(0)
    expect(turn.locator(".closest p").first).to_be_visible()
    turn.locator(".closest .reference").first.click()
    assert marked(page)


def test_a_follow_up_says_how_it_was_understood_and_survives_a_reload(
    open_page: Open, reports: Reports
) -> None:
    page = open_page()
    ask(page, "why were residents angry?")
    turn = ask(page, "when was that?")
    expect(turn.locator(".understood, .note").first).to_be_visible()
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".asked").first).to_have_text("why were residents angry?")
    expect(page.locator("#conversation-list a[aria-current]")).to_have_text(
        "why were residents angry?"
    )


def test_text_of_a_report_stays_text(open_page: Open, add: Any) -> None:
    title = "<img src=x onerror=alert(1)> wins"
    text = (
        f"{title}\n\nThe <script>alert(2)</script> harbour closed because <b>storms</b> came.\n\n"
        "<img src=x onerror=alert(3)>"
    )
    add(text, title=title)
    page = open_page()
    expect(page.locator("#report-list a")).to_have_text(title)
    turn = ask(page, "why harbour closed <i>storms</i>?")
    turn.locator(".reference").first.click()
    marked(page)
    assert whole_text(page) == text
    assert (
        page.locator("#report-text :is(script, img, b), .turn :is(script, img, b, i)").count() == 0
    )


def test_only_reports_within_the_limits_answer(open_page: Open, reports: Reports) -> None:
    page = open_page()
    page.locator("#limits summary").click()
    page.locator("#in-collection").select_option("floods")
    expect(page.locator("#report-list li")).to_have_count(1)
    turn = ask(page, "why were residents angry?")
    expect(turn.locator(".silence")).to_be_visible()
    expect(page.locator("#limits-said")).to_have_text("reports in floods")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#report-list li")).to_have_count(2)
    page.locator("#until").fill("2022-12-31")
    expect(page.locator("#report-list li")).to_have_count(1)
    expect(ask(page, "why were residents angry?").locator(".answer").first).to_be_visible()


def test_an_answer_is_copied_with_its_citation(open_page: Open, reports: Reports) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, "why were residents angry?").get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    start = GAS.index("Residents")
    assert "Residents were angry because the price of gas had risen." in copied
    assert f"/documents/{reports['gas']['id']}#char={start}," in copied
    assert "5 January 2022" in copied


def test_the_figure_is_explained(open_page: Open, reports: Reports) -> None:
    page = open_page()
    ask(page, "why were residents angry?").locator(".sure").first.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("Of 100 answers")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_be_hidden()


def test_a_question_that_failed_can_be_tried_again(
    open_page: Open, reports: Reports, expected: list[str]
) -> None:
    expected += ["ERR_FAILED", "500"]
    page = open_page()
    page.locator("#report-list li").first.wait_for()
    page.route("**/v1/ask", lambda route: route.abort())
    turn = ask(page, "why were residents angry?")
    expect(turn.get_by_role("alert")).to_contain_text("Dateline cannot be reached")
    page.unroute("**/v1/ask")
    turn.get_by_role("button", name="Try again").click()
    expect(turn.locator(".answer").first).to_be_visible()
    assert page.locator(".turn").count() == 1


def test_models_that_load_are_waited_for(
    open_page: Open, reports: Reports, expected: list[str]
) -> None:
    expected += ["503"]
    body = (
        '{"error": {"message": "the models are still loading", "type": "not_ready_error", '
        '"param": null, "code": "not_ready"}}'
    )
    page = open_page("/docs")
    page.route("**/readyz", lambda route: route.fulfill(status=503, body=body))
    page.goto(page.url.replace("/docs", "/"))
    expect(page.locator("#banner")).to_contain_text("The models are loading")
    page.unroute("**/readyz")
    expect(page.locator("#banner")).to_be_hidden()
    expect(page.locator("#report-list li")).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chosen_theme_outlives_the_page(open_page: Open, scheme: str) -> None:
    page = open_page(color_scheme="dark" if scheme == "light" else "light")
    page.get_by_label("Colours").select_option(scheme)
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == scheme
    expect(page.get_by_label("Colours")).to_have_value(scheme)


def test_pages_are_named_in_the_text_and_can_be_gone_to(open_page: Open, reports: Reports) -> None:
    page = open_page()
    middle = FLOOD.index("Then \U0001d54f")
    parts = [
        {"kind": "page", "label": "2", "start_char_index": middle, "end_char_index": len(FLOOD)},
        {"kind": "page", "label": "1", "start_char_index": 0, "end_char_index": middle},
    ]
    page.route("**/parts", lambda route: route.fulfill(json={"parts": parts}))
    page.goto(f"{page.url}documents/{reports['flood']['id']}")
    expect(page.locator("#report-text .part")).to_have_count(2)
    expect(page.locator("#report-text .part").last).not_to_be_in_viewport()
    page.locator("#part").select_option("Page 2")
    expect(page.locator("#report-text .part").last).to_be_in_viewport()
    assert page.locator("#report-text .part").last.get_attribute("data-label") == "Page 2"
    assert whole_text(page) == FLOOD
