import json
import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from index.errors import ModelUnusable
from index.models.int8 import (
    MODEL_FILE,
    RECORD_FILE,
    TOKENIZER_FILE,
    convert_once,
    open_tokenizer,
    read_converted,
    sha256,
)
from tests.factories import make_tokenizer

TOGETHER = 4


def names(models: Path) -> set[str]:
    """What the folder of models holds, the lock left out."""
    return {path.name for path in models.iterdir()} - {"convert.lock"}


def fill(part: Path) -> None:
    """Convert, for want of a model."""
    contents = {MODEL_FILE: b"model", TOKENIZER_FILE: b"tokenizer"}
    for name, content in contents.items():
        (part / name).write_bytes(content)
    digests = {name: sha256(content) for name, content in contents.items()}
    (part / RECORD_FILE).write_text(json.dumps({"sha256": digests}))


def test_a_model_is_converted_into_its_folder(tmp_path: Path) -> None:
    target = tmp_path / "new" / "models" / "reader"
    given: list[list[Path]] = []

    def convert(part: Path) -> None:
        given.append(list(part.iterdir()))
        assert not target.exists()
        fill(part)

    assert convert_once(target, convert) == target
    assert given == [[]]  # an empty folder
    assert (target / MODEL_FILE).read_text() == "model"
    assert names(target.parent) == {"reader"}


def test_a_model_that_is_there_is_not_converted_again(tmp_path: Path) -> None:
    target = convert_once(tmp_path / "reader", fill)
    calls: list[Path] = []
    assert convert_once(target, calls.append) == target
    assert calls == []


@pytest.mark.parametrize("name", [MODEL_FILE, TOKENIZER_FILE, RECORD_FILE])
def test_a_damaged_model_is_converted_again(tmp_path: Path, name: str) -> None:
    target = convert_once(tmp_path / "reader", fill)
    (target / name).write_bytes(b"modem")
    convert_once(target, fill)
    assert read_converted(target) == (b"model", b"tokenizer")
    assert names(tmp_path) == {"reader"}


def test_a_file_in_a_models_place_gives_way(tmp_path: Path) -> None:
    (tmp_path / "reader").touch()
    assert read_converted(convert_once(tmp_path / "reader", fill)) == (b"model", b"tokenizer")


def test_models_of_other_names_stay(tmp_path: Path) -> None:
    convert_once(tmp_path / "reader-1", fill)
    convert_once(tmp_path / "reader-2", fill)
    assert names(tmp_path) == {"reader-1", "reader-2"}


@pytest.mark.parametrize("error", [ModelUnusable("no such model"), KeyboardInterrupt()])
def test_a_conversion_that_fails_leaves_nothing_and_can_be_tried_again(
    tmp_path: Path, error: BaseException
) -> None:
    def fail(part: Path) -> None:
        fill(part)
        raise error

    with pytest.raises(type(error)) as caught:
        convert_once(tmp_path / "reader", fail)
    assert caught.value is error
    assert names(tmp_path) == set()
    assert convert_once(tmp_path / "reader", fill).is_dir()


def test_what_a_killed_conversion_left_is_removed(tmp_path: Path) -> None:
    stale = tmp_path / "tmp12345.part"
    stale.mkdir()
    fill(stale)
    convert_once(tmp_path / "reader", fill)
    assert names(tmp_path) == {"reader"}


def test_of_threads_that_ask_at_once_one_converts_and_the_others_wait(tmp_path: Path) -> None:
    calls: list[Path] = []
    asked = threading.Barrier(TOGETHER)

    def convert(part: Path) -> None:
        calls.append(part)
        time.sleep(0.2)  # long enough for the others to be at the lock
        fill(part)

    def ask(_: int) -> str:
        asked.wait()
        return (convert_once(tmp_path / "reader", convert) / MODEL_FILE).read_text()

    with ThreadPoolExecutor(TOGETHER) as workers:
        assert list(workers.map(ask, range(TOGETHER))) == ["model"] * TOGETHER
    assert len(calls) == 1
    assert names(tmp_path) == {"reader"}


def note_and_fill(part: Path) -> None:
    """Convert, and leave a trace of having done so beside the models' folder."""
    (part.parent.parent / f"{part.name}.call").touch()
    time.sleep(0.2)
    fill(part)


def convert_beside_others(models: Path, asked: Barrier) -> None:
    """Ask for a model when all others are ready to ask."""
    asked.wait(60)
    convert_once(models / "reader", note_and_fill)


def test_of_processes_that_ask_at_once_one_converts_and_the_others_wait(tmp_path: Path) -> None:
    start = multiprocessing.get_context("spawn")
    asked = start.Barrier(2)
    running = [
        start.Process(target=convert_beside_others, args=(tmp_path / "models", asked))
        for _ in range(2)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0, 0]
    assert len(list(tmp_path.glob("*.call"))) == 1
    assert names(tmp_path / "models") == {"reader"}


@pytest.fixture
def converted(tmp_path: Path) -> Path:
    """A folder as `convert_bert` leaves it, of what is no model."""
    contents = {MODEL_FILE: b"model", TOKENIZER_FILE: b"tokenizer"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    digests = {name: sha256(content) for name, content in contents.items()}
    (tmp_path / RECORD_FILE).write_text(json.dumps({"sha256": digests}))
    return tmp_path


def test_a_converted_model_and_its_tokenizer_are_read(converted: Path) -> None:
    assert read_converted(converted) == (b"model", b"tokenizer")


@pytest.mark.parametrize("content", [None, b"", b"other", b"[]", b'{"sha256": {}}', b'"text"'])
@pytest.mark.parametrize("name", [MODEL_FILE, TOKENIZER_FILE, RECORD_FILE])
def test_a_folder_that_has_changed_is_refused_with_the_remedy(
    converted: Path, name: str, content: bytes | None
) -> None:
    path = converted / name
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(ModelUnusable) as caught:
        read_converted(converted)
    assert str(caught.value) == f"{converted} is damaged: delete that folder, and it is made again"


def test_a_tokenizer_neither_cuts_nor_pads_whatever_its_file_says() -> None:
    tokenizer = make_tokenizer()
    tokenizer.enable_truncation(8)
    tokenizer.enable_padding(length=8)
    opened = open_tokenizer(tokenizer.to_str().encode())
    assert len(opened.encode("rain").ids) == 3
    assert len(opened.encode("rain " * 20).ids) == 22
