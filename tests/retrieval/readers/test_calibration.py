import json
import math
from pathlib import Path

import pytest

from index.errors import ModelUnusable
from retrieval.readers.calibration import (
    FILE,
    PLAIN,
    PLAIN_WEIGHTS,
    Calibration,
    load_calibration,
    save_calibration,
)
from retrieval.types import SearchWeights

PASSAGE = Calibration(slope=0.5, offset=-1.0, threshold=0.4)
SEARCH = SearchWeights(
    reading=0.9, score=2.0, cosine=1.5, words=-0.5, names=-1.0, offset=-3.0, threshold=0.35
)


@pytest.mark.parametrize(
    ("margin", "confidence"),
    [
        (2.0, 0.5),  # odds of 1 to 1
        (2.0 + 2 * math.log(3), 0.75),  # 3 to 1
        (2.0 - 2 * math.log(4), 0.2),  # 1 to 4
        (0.0, 0.268941),  # 1 / (1 + e)
    ],
)
def test_confidence_is_the_logistic_of_the_scaled_margin(margin: float, confidence: float) -> None:
    assert PASSAGE.confidence(margin) == pytest.approx(confidence, abs=5e-7)


def test_the_plain_calibration_takes_the_margin_for_the_log_odds() -> None:
    assert PLAIN.confidence(math.log(9)) == 0.9


@pytest.mark.parametrize(("margin", "confidence"), [(1e9, 1.0), (-1e9, 0.0)])
def test_the_most_extreme_margins_have_a_confidence(margin: float, confidence: float) -> None:
    assert PLAIN.confidence(margin) == confidence


def test_a_greater_margin_is_never_less_sure() -> None:
    sure = [PASSAGE.confidence(margin / 4) for margin in range(-400, 400)]
    assert sure == sorted(sure)
    assert 0 <= sure[0] < sure[-1] <= 1


def test_a_calibration_is_read_as_it_was_written(tmp_path: Path) -> None:
    save_calibration(tmp_path, PASSAGE, SEARCH, "400 examples of dev.jsonl")
    assert load_calibration(tmp_path) == (PASSAGE, SEARCH)
    assert json.loads((tmp_path / FILE).read_text())["fitted_on"] == "400 examples of dev.jsonl"


def test_a_folder_without_a_calibration_has_the_plain_one(tmp_path: Path) -> None:
    assert load_calibration(tmp_path) == (PLAIN, PLAIN_WEIGHTS)
    assert load_calibration(tmp_path / "none") == (PLAIN, PLAIN_WEIGHTS)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"{}",
        b'{"passage": {"slope": 1, "offset": 0, "threshold": 0.5}}',
        b'{"passage": {"slope": 1}, "search": {}}',
        b'{"passage": null, "search": null}',
    ],
)
def test_a_file_that_is_no_calibration_is_refused_by_its_name(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ModelUnusable) as caught:
        load_calibration(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / FILE} is not a calibration: ")
