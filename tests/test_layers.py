"""Imports go one way, api -> retrieval -> index."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ABOVE = {"index": {"retrieval", "api"}, "retrieval": {"api"}, "api": set()}
SOURCES = [path for package in ABOVE for path in sorted((ROOT / package).rglob("*.py"))]


def imported_packages(source: str) -> set[str]:
    """The top-level names of all that a source text imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # A relative import can climb no higher than its own package.
            found |= set() if node.level else {(node.module or "").partition(".")[0]}
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_package_imports_none_above_it(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    above = imported_packages(path.read_text(encoding="utf-8")) & (ABOVE[package] | {"tests"})
    assert not above, f"{path.relative_to(ROOT)} imports {', '.join(sorted(above))}"


def test_sources_are_found() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in SOURCES} >= {"index", "retrieval"}


@pytest.mark.parametrize(
    ("source", "packages"),
    [
        ("import api", {"api"}),
        ("import api.main as m, json", {"api", "json"}),
        ("from retrieval.search import search", {"retrieval"}),
        ("def f():\n    from api import main", {"api"}),
        ("if TYPE_CHECKING:\n    import retrieval.types", {"retrieval"}),
        ("from . import api", set()),
        ("text = 'import api'", set()),
    ],
)
def test_imports_are_seen_wherever_they_stand(source: str, packages: set[str]) -> None:
    assert imported_packages(source) == packages
