from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from index.errors import HomeUnusable
from index.store.lookup import get_text, list_documents
from index.types import Document, Filter, Stored
from retrieval.evaluation import collection as module
from retrieval.evaluation.collection import (
    Collection,
    collection_folder,
    index_collection,
    open_collection,
)
from retrieval.evaluation.files.corpus import CORPUS, Corpus, read_corpus
from tests.factories import assert_follows
from tests.fakes import HashEncoder
from tests.retrieval.evaluation.collections import DOCUMENTS, write_beir


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return read_corpus(write_beir(tmp_path / "beir") / CORPUS)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "home" / "cache"


def make(corpus: Corpus, encoder: HashEncoder, cache: Path) -> Path:
    folder = collection_folder(corpus, encoder, cache)
    index_collection(corpus, encoder, folder)
    return folder


def documents(collection: Collection) -> dict[str, Document]:
    """By the corpus's ids."""
    with collection.database.read() as connection:
        return {
            collection.corpus_ids[each.id]: each for each in list_documents(connection, Filter())
        }


def test_every_document_but_the_empty_is_indexed_alike_texts_too(
    corpus: Corpus, encoder: HashEncoder, cache: Path
) -> None:
    with open_collection(make(corpus, encoder, cache), encoder) as collection:
        assert set(documents(collection)) == {"d1", "d2", "d3", "d4", "d6"}
        assert_follows(collection.index, collection.database)  # type: ignore[arg-type]
        assert len(collection.index.lexical({"strike": 1.0}, 10, Filter())) == 2


def test_titles_are_the_corpus_s_or_else_what_dateline_finds(
    corpus: Corpus, encoder: HashEncoder, cache: Path
) -> None:
    with open_collection(make(corpus, encoder, cache), encoder) as collection:
        found = documents(collection)
        assert found["d2"].title == "Fire"
        assert found["d3"].title == "Drivers of the northern depots went on strike."
        with collection.database.read() as connection:
            text = get_text(connection, found["d2"].id)
        assert text == DOCUMENTS[1]["text"]
        # "Flood" stands in the title alone.
        assert len(collection.index.lexical({"flood": 1.0}, 10, Filter())) == 1


def test_of_a_document_without_a_text_the_title_is_the_text(
    corpus: Corpus, encoder: HashEncoder, cache: Path
) -> None:
    with open_collection(make(corpus, encoder, cache), encoder) as collection:
        document = documents(collection)["d4"]
        with collection.database.read() as connection:
            assert get_text(connection, document.id) == "The winter of long ago"


def test_dates_are_found_as_dateline_finds_them_on_whatever_day(
    tmp_path: Path, encoder: HashEncoder, cache: Path
) -> None:
    dated = [{"_id": "a", "title": "Fire", "text": "2071-05-06\n\nA mill burned down."}]
    corpus = read_corpus(write_beir(tmp_path, dated, judgements=[("q1", "a", "1")]) / CORPUS)
    with open_collection(make(corpus, encoder, cache), encoder) as collection:
        assert documents(collection)["a"].date == datetime.date(2071, 5, 6)


def test_a_collection_is_indexed_once(corpus: Corpus, encoder: HashEncoder, cache: Path) -> None:
    folder = make(corpus, encoder, cache)
    written = {path: path.read_bytes() for path in folder.rglob("*.sqlite3")}
    stored: list[Stored] = []
    index_collection(corpus, encoder, folder, on_indexed=stored.append)
    assert stored == []
    assert written
    assert {path: path.read_bytes() for path in folder.rglob("*.sqlite3")} == written


def test_the_folder_depends_on_corpus_encoder_and_recipe_and_on_nothing_else(
    tmp_path: Path, encoder: HashEncoder, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_beir(tmp_path / "one")
    first = collection_folder(read_corpus(folder / CORPUS), encoder, cache)
    assert first.parent == cache / "evaluation"
    elsewhere = write_beir(tmp_path / "two", judgements=[("q2", "d1", "1")])
    assert collection_folder(read_corpus(elsewhere / CORPUS), encoder, cache) == first
    others = [collection_folder(read_corpus(folder / CORPUS), HashEncoder(dimensions=64), cache)]
    with (folder / "corpus.jsonl").open("a") as file:
        file.write("\n")
    others.append(collection_folder(read_corpus(folder / CORPUS), encoder, cache))
    monkeypatch.setattr(module, "_RECIPE", module._RECIPE[1:])
    others.append(collection_folder(read_corpus(elsewhere / CORPUS), encoder, cache))
    assert len({first, *others}) == 4


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_interrupt_leaves_nothing_half_done(
    corpus: Corpus, encoder: HashEncoder, cache: Path, error: BaseException
) -> None:
    folder = collection_folder(corpus, encoder, cache)

    def interrupt(_stored: Stored) -> None:
        raise error

    with pytest.raises((KeyboardInterrupt, OSError)):
        index_collection(corpus, encoder, folder, on_indexed=interrupt)
    assert [path.suffix for path in folder.parent.iterdir()] == [".lock"]
    make(corpus, encoder, cache)
    with open_collection(folder, encoder) as collection:
        assert len(collection.corpus_ids) == 5


def test_what_a_killed_process_left_is_cleared(
    corpus: Corpus, encoder: HashEncoder, cache: Path
) -> None:
    folder = collection_folder(corpus, encoder, cache)
    left = folder.with_suffix(".part")
    left.mkdir(parents=True)
    (left / "dateline.sqlite3").write_bytes(b"half a database")
    make(corpus, encoder, cache)
    assert not left.exists()
    with open_collection(folder, encoder) as collection:
        assert len(collection.corpus_ids) == 5


def test_vectors_of_another_encoder_are_refused(
    corpus: Corpus, encoder: HashEncoder, cache: Path
) -> None:
    folder = make(corpus, encoder, cache)
    with (
        pytest.raises(HomeUnusable, match="holds vectors of the encoder hash-256"),
        open_collection(folder, HashEncoder(dimensions=64)),
    ):
        pass
