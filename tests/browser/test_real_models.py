"""The page with the real models, on the sample reports."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from api.app import create_app
from api.main import main
from api.settings import Settings
from tests.browser.looks import ask, marked
from tests.browser.serve import serving

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.mark.real
def test_the_first_question_of_the_samples_is_answered_on_the_page(
    home: Path, models_folder: Path, browser: Browser
) -> None:
    home.mkdir()
    (home / "models").symlink_to(models_folder)
    assert main(["ingest", "--home", str(home), str(SEEDS)]) == 0
    with serving(create_app(Settings(home=home))) as address:
        page = browser.new_page()
        page.goto(address)
        turn = ask(page, "why did the dyke give way?")
        said = turn.locator(".answer mark").first.inner_text()
        assert said == "meltwater had softened its clay core"
        turn.locator(".reference").first.click()
        assert said in marked(page)
