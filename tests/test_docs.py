from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from api.main import parser
from api.settings import Settings
from retrieval.readers.calibration import load_calibration
from retrieval.readers.load import DEFAULT_FOLDER

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))]
PAGE_FILES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = [
    command
    for page in (README, *PAGES)
    for command in re.findall(r"^    (?:\$ )?\.venv/bin/dateline (.+)$", page, re.MULTILINE)
]
LINKS = [
    (path.relative_to(ROOT).as_posix(), link)
    for path in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").glob("*.md")),
    )
    for link in re.findall(
        r"\]\((?!http|#)([^)#]+)",
        re.sub(r"^(```.*?^```|    .*?$)", "", path.read_text(encoding="utf-8"), flags=re.M | re.S),
    )
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_in_the_docs_is_one_that_the_parser_takes(command: str) -> None:
    parser().parse_args(shlex.split(command, comments=True))


@pytest.mark.parametrize(("page", "link"), LINKS)
def test_every_link_in_the_docs_leads_to_a_file(page: str, link: str) -> None:
    assert (ROOT / page).parent.joinpath(link).exists()


@pytest.mark.parametrize("page", PAGE_FILES, ids=lambda path: path.name)
def test_no_command_stands_outside_a_block(page: Path) -> None:
    # A first line that lost its indent reads as prose.
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith(("$ ", ".venv/bin/", "make "))] == []


@pytest.mark.parametrize("page", PAGE_FILES, ids=lambda path: path.name)
def test_every_anchor_in_the_docs_is_a_heading(page: Path) -> None:
    for target, anchor in re.findall(
        r"\]\((?!http)([^)#\s]*)#([^)\s]+)\)", page.read_text(encoding="utf-8")
    ):
        text = (page.parent / target if target else page).read_text(encoding="utf-8")
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        known = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}
        assert anchor in known, f"{page.name} links to {target}#{anchor}"


@pytest.mark.parametrize("page", PAGE_FILES, ids=lambda path: path.name)
def test_every_file_of_the_source_that_the_docs_name_is_there(page: Path) -> None:
    named = re.findall(
        r"`((?:api|index|retrieval|tests|seeds)/[\w/.-]+)`", page.read_text(encoding="utf-8")
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_docs_have_commands_of_every_kind() -> None:
    assert {shlex.split(command)[0] for command in COMMANDS} == {
        "ingest",
        "ask",
        "chat",
        "serve",
        "mcp",
        "documents",
        "collections",
        "watch",
        "evaluate",
    }


def test_the_readme_lists_every_setting_and_no_other() -> None:
    listed = set(re.findall(r"`(DATELINE_\w+)`", README))
    assert listed == {f"DATELINE_{name.upper()}" for name in Settings.model_fields}


def test_the_makefile_has_every_target_that_the_docs_name() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    docs = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^    (?:\$ )?make (\w+)", docs, re.MULTILINE))
    assert named
    assert named <= set(re.findall(r"^(\w+):", makefile, re.MULTILINE))


def test_the_readme_says_the_threshold_that_the_reader_has() -> None:
    _, weights = load_calibration(DEFAULT_FOLDER)
    assert f"| {weights.threshold:.2f}, chosen on dev data |" in README
