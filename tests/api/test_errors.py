import importlib
import pkgutil
import re
from types import ModuleType

import pytest

import api
import index
import retrieval
from api.problems import HANDLED, PROBLEMS, error_body, known_error
from tests.api.shapes import TYPES

PACKAGES = [index, retrieval, api]
BRANCH = re.compile(r"^(?P<indent>[\u2502 ]*)[\u251c\u2514]\u2500\u2500 (?P<name>\w+) +\S", re.M)


def subclasses(kind: type) -> set[type]:
    return {kind}.union(*(subclasses(each) for each in kind.__subclasses__()))


@pytest.fixture(scope="module", autouse=True)
def _everything_imported() -> None:
    """So that no class is missed for standing in a module that no test has imported."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            # alembic runs env.py itself, and fitting is no part of the service.
            if found.name not in ("index.store.migrations.env", "retrieval.fit_sentences"):
                importlib.import_module(found.name)


@pytest.mark.parametrize("base", HANDLED)
def test_every_error_has_a_status_and_an_exit_code(base: type[Exception]) -> None:
    missing = subclasses(base) - PROBLEMS.keys()
    assert not missing, f"api.problems.PROBLEMS lacks {sorted(each.__name__ for each in missing)}"


def test_only_errors_have_one() -> None:
    assert PROBLEMS.keys() == set().union(*(subclasses(base) for base in HANDLED))


@pytest.mark.parametrize("kind", PROBLEMS, ids=lambda kind: kind.__name__)
def test_a_problem_is_told_alike_everywhere(kind: type[Exception]) -> None:
    problem = PROBLEMS[kind]
    assert problem.type == TYPES[problem.status]
    # Wrong usage is the caller's to mend, so over HTTP it is none of the server's errors.
    assert problem.exit_code in (1, 2)
    assert problem.exit_code == 1 or problem.status in (400, 422)
    assert re.fullmatch(r"[a-z_]+", problem.code)


def test_no_two_problems_share_a_code() -> None:
    codes = [problem.code for problem in PROBLEMS.values()]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_the_tree_at_the_top_names_just_the_classes_there_are(package: ModuleType) -> None:
    errors = importlib.import_module(f"{package.__name__}.errors")
    assert errors.__doc__ is not None
    root = re.search(r"^[A-Z]\w+$", errors.__doc__, re.M)
    assert root is not None
    drawn: dict[str, str] = {}
    above = [root[0]]
    for branch in BRANCH.finditer(errors.__doc__):
        depth = len(branch["indent"]) // 4 + 1
        del above[depth:]
        drawn[branch["name"]] = above[-1]
        above.append(branch["name"])
    base = getattr(errors, root[0])
    there = {
        each.__name__: each.__base__.__name__
        for each in subclasses(base) - {base}
        if each.__base__ is not None
    }
    assert drawn == there
    assert {each.__module__ for each in subclasses(base)} == {errors.__name__}


def test_the_body_has_the_one_shape() -> None:
    assert error_body("text", "type", "code", "param") == {
        "error": {"message": "text", "type": "type", "param": "param", "code": "code"}
    }
    assert error_body("text", "type", "code")["error"]["param"] is None


def test_one_is_asked_to_come_back_only_where_that_helps() -> None:
    for kind, problem in PROBLEMS.items():
        error = kind.__new__(kind, "text")
        error.args = ("text",)
        response = known_error(error)
        assert response.status_code == problem.status
        assert ("retry-after" in response.headers) == (problem.status == 503)
