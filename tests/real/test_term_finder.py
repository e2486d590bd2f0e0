from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.rewriting.rewrite import rewrite
from retrieval.rewriting.term_finder import OnnxTermFinder, TurnLayout, TurnWord, gather_terms
from retrieval.types import Terms, Turn

pytestmark = pytest.mark.real

TURNS = [Turn("Who led the inquiry?", answers=("Mara Venn",)), Turn("Tell me about Kazakhstan.")]


def test_the_surest_piece_of_the_surest_mention_counts() -> None:
    words = (TurnWord(("dyke",), (0, 1)), TurnWord(("dyke",), (2,)), TurnWord(("mill",), (3,)))
    found = gather_terms(TurnLayout([], [], words), [-9.0, 0.0, -9.0, -9.0], depends=0.0)
    assert found.depends == 0.5
    assert found.stems["dyke"] == 0.5
    assert found.stems["mill"] < 0.001


def test_the_model_tells_what_is_meant_from_what_is_not(models_folder: Path) -> None:
    finder = OnnxTermFinder(models_folder)
    found = finder.find("What is its capital?", TURNS)
    assert found == finder.find("What is its capital?", TURNS)
    assert found.stems["kazakhstan"] > found.stems["inquiri"]
    assert found.depends > finder.find("Who won the football cup final?", TURNS).depends
    assert finder.find("What is its capital?", []) == Terms(0.0, {})
    assert rewrite("What is its capital?", TURNS, finder).text == "What is Kazakhstan's capital?"
