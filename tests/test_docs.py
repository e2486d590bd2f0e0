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
COMMANDS = re.findall(r"^    (?:\$ )?\.venv/bin/dateline (.+)$", README, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_in_the_readme_is_one_that_the_parser_takes(command: str) -> None:
    parser().parse_args(shlex.split(command, comments=True))


def test_the_readme_has_commands_of_every_kind() -> None:
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
