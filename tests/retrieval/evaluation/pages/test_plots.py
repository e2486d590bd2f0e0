import io

import numpy as np
import pytest
from PIL import Image

from retrieval.evaluation.metrics.answerability import reliability_bins, risk_coverage
from retrieval.evaluation.pages.plots import draw_reliability, draw_reliability_svg
from tests.retrieval.evaluation.pages.read_page import assert_drawing

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def draw(confidences: list[float], right: list[bool]) -> bytes:
    bins, curve = reliability_bins(confidences, right), risk_coverage(confidences, right)
    return draw_reliability(bins, curve, area=0.2, error=0.1)


@pytest.mark.parametrize(
    ("confidences", "right"),
    [([0.1, 0.4, 0.45, 0.9], [False, False, True, True]), ([0.0], [False]), ([1.0], [True])],
)
def test_a_png_with_something_on_it_is_drawn(confidences: list[float], right: list[bool]) -> None:
    drawn = draw(confidences, right)
    assert drawn.startswith(SIGNATURE)
    assert 5_000 < len(drawn) < 500_000
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.format == "PNG"
        assert image.size == (1320, 660)
        assert len(np.unique(np.asarray(image.convert("L")))) > 10


def test_the_drawing_shows_the_figures() -> None:
    assert draw([0.1, 0.9], [False, True]) != draw([0.1, 0.9], [True, False])


def test_the_same_figures_are_drawn_to_the_same_bytes() -> None:
    assert draw([0.1, 0.9], [False, True]) == draw([0.1, 0.9], [False, True])


def test_the_same_is_drawn_as_an_svg() -> None:
    bins, curve = reliability_bins([0.1, 0.9], [False, True]), risk_coverage([0.9], [True])
    assert_drawing(lambda: draw_reliability_svg(bins, curve, area=0.2, error=0.1))
    assert "error 0.1000" in draw_reliability_svg(bins, curve, area=0.2, error=0.1)
