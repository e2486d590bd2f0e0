"""Readers over a tiny model that answers by chance: int8 beside float, caching, refusals."""

import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelUnusable
from index.models.int8 import MODEL_FILE
from retrieval.readers.calibration import PLAIN_WEIGHTS, Calibration, save_calibration
from retrieval.readers.layout import lay_out
from retrieval.readers.load import load_reader
from retrieval.readers.model import ModelReader
from retrieval.readers.onnx import WEIGHTS_FILE, OnnxSpanModel, convert_reader, converted_folder
from retrieval.readers.transformers import TransformersSpanModel
from retrieval.types import SearchWeights
from tests.factories import make_passage, write_tiny_reader

pytestmark = [
    pytest.mark.real,
    pytest.mark.filterwarnings("ignore"),  # other people's packages, while they are imported
]

QUESTION = "Why did the dyke break?"
PASSAGES = [
    make_passage(f"Heavy rain fell on the valley. The {place} broke when {cause}. People left.")
    for place in ("dam", "dyke", "river", "town")
    for cause in ("the clay core broke", "the mayor left", "storms rose at 4.2 metres an hour")
]
LONG = make_passage("The people left the town when the river rose. " * 80)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder. Not to be changed."""
    return write_tiny_reader(tmp_path_factory.mktemp("original"))


@pytest.fixture(scope="module")
def models(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the model has been converted into. Not to be changed."""
    folder = tmp_path_factory.mktemp("models")
    convert_reader(original, folder)
    return folder


@pytest.fixture(scope="module")
def int8(original: Path, models: Path) -> OnnxSpanModel:
    return OnnxSpanModel(converted_folder(original, models))


@pytest.fixture(scope="module")
def float32(original: Path) -> TransformersSpanModel:
    return TransformersSpanModel(str(original))


def test_int8_scores_are_near_those_of_the_original(
    int8: OnnxSpanModel, float32: TransformersSpanModel
) -> None:
    ours, theirs = [], []
    for passage in (*PASSAGES, LONG):
        layouts = lay_out(float32.tokenizer, QUESTION, "A report. ", passage.text)
        assert layouts == lay_out(int8.tokenizer, QUESTION, "A report. ", passage.text)
        for layout in layouts:
            for mine, wanted in zip(int8.score(layout), float32.score(layout), strict=True):
                assert mine.shape == wanted.shape == (len(layout.ids),)
                assert mine.dtype == wanted.dtype == np.float32
                ours.append(mine)
                theirs.append(wanted)
    one, other = np.concatenate(ours), np.concatenate(theirs)
    assert np.corrcoef(one, other)[0, 1] > 0.99
    assert np.abs(one - other).mean() < 0.1 * other.std()


def test_int8_margins_are_near_those_of_the_original(
    int8: OnnxSpanModel, float32: TransformersSpanModel
) -> None:
    found = []
    for model in (int8, float32):
        spans = ModelReader(model, model.tokenizer).read(QUESTION, [*PASSAGES, LONG])
        best = {span.passage: span for span in reversed(spans)}
        found.append([best[number] for number in range(len(PASSAGES) + 1)])
    ours, theirs = (
        np.array([math.log(span.confidence / (1 - span.confidence)) for span in spans])
        for spans in found
    )
    assert theirs.std() > 0.1
    assert np.abs(ours - theirs).max() < 0.3


def test_a_span_model_scores_the_same_input_alike_and_another_otherwise(
    int8: OnnxSpanModel, float32: TransformersSpanModel
) -> None:
    for model in (int8, float32):
        (layout,) = lay_out(model.tokenizer, QUESTION, "", PASSAGES[0].text)
        (other,) = lay_out(model.tokenizer, "Who left?", "", PASSAGES[0].text)
        assert np.array_equal(model.score(layout), model.score(layout))
        first, second = (model.score(each)[0][each.first :] for each in (layout, other))
        assert not np.array_equal(first, second)


def test_a_passage_is_read_alike_beside_others(int8: OnnxSpanModel) -> None:
    reader = ModelReader(int8, int8.tokenizer)
    together = reader.read(QUESTION, PASSAGES)
    for number, passage in enumerate(PASSAGES):
        alone = reader.read(QUESTION, [passage])
        assert alone == [replace(each, passage=0) for each in together if each.passage == number]


def test_a_reader_is_converted_once_and_other_weights_are_converted_anew(
    original: Path, models: Path, tmp_path: Path
) -> None:
    before = {path: path.stat().st_mtime_ns for path in models.rglob("*")}
    assert convert_reader(original, models) == converted_folder(original, models)
    assert {path: path.stat().st_mtime_ns for path in models.rglob("*")} == before
    same = shutil.copytree(original, tmp_path / "same")
    assert converted_folder(same, models) == converted_folder(original, models)
    for name in ("config.json", "tokenizer.json", WEIGHTS_FILE):
        changed = shutil.copytree(original, tmp_path / name)
        (changed / name).write_bytes((changed / name).read_bytes() + b" ")
        assert converted_folder(changed, models) != converted_folder(original, models)
    other = write_tiny_reader(tmp_path / "other", seed=8)
    kept = shutil.copytree(models, tmp_path / "models")
    model = OnnxSpanModel(convert_reader(other, kept))
    assert len([path for path in kept.iterdir() if path.is_dir()]) == 2
    (layout,) = lay_out(model.tokenizer, QUESTION, "", PASSAGES[0].text)
    first = OnnxSpanModel(convert_reader(original, kept))
    assert not np.array_equal(model.score(layout), first.score(layout))


@pytest.mark.parametrize("name", [MODEL_FILE, "tokenizer.json", "conversion.json"])
def test_a_damaged_conversion_is_made_again(
    original: Path, models: Path, tmp_path: Path, name: str
) -> None:
    kept = shutil.copytree(models, tmp_path / "models")
    folder = convert_reader(original, kept)
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    OnnxSpanModel(convert_reader(original, kept))


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", WEIGHTS_FILE])
def test_a_folder_that_lacks_a_part_of_a_reader_is_not_converted(
    original: Path, tmp_path: Path, name: str
) -> None:
    folder = shutil.copytree(original, tmp_path / "reader")
    (folder / name).unlink()
    with pytest.raises(ModelUnusable, match="is not a reader's model folder") as caught:
        convert_reader(folder, tmp_path / "models")
    assert name in str(caught.value)


@pytest.mark.parametrize("name", ["no-such-model", "no/such-model", "/no/such/folder", "seeds"])
def test_what_is_no_model_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelUnusable) as caught:
        load_reader(name, tmp_path)
    start = f"{name!r} cannot be loaded as a question answering model"
    assert str(caught.value).startswith(start)


def test_a_model_folder_is_read_with_its_own_calibration(original: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(original, tmp_path / "reader")
    plain = load_reader(str(folder), tmp_path)
    assert (plain.threshold, plain.weights) == (0.5, PLAIN_WEIGHTS)
    weights = SearchWeights(1, 2, 3, 4, 5, 6, 0.3)
    save_calibration(folder, Calibration(slope=0.0, offset=0.0, threshold=0.2), weights, "dev")
    calibrated = load_reader(str(folder), tmp_path)
    assert (calibrated.threshold, calibrated.weights) == (0.2, weights)
    assert {span.confidence for span in calibrated.read(QUESTION, PASSAGES)} == {0.5}
    assert len(plain.read(QUESTION, PASSAGES)) == len(calibrated.read(QUESTION, PASSAGES))
