import os
from pathlib import Path

import numpy as np
import pytest

from index.search.dense import DECIMALS, DenseIndex
from index.types import Scored, Vectors

DIMENSIONS = 16
KEY = "ab12"


def unit_vectors(count: int, seed: int = 1) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSIONS))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def dense(tmp_path: Path) -> DenseIndex:
    return DenseIndex(tmp_path, KEY, DIMENSIONS)


def saved(folder: Path, count: int, generation: int, key: str = KEY) -> DenseIndex:
    dense = DenseIndex(folder, key, DIMENSIONS)
    dense.add(range(1, count + 1), unit_vectors(count))
    dense.generation = generation
    dense.save()
    return dense


def snapshots(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def brute_force(ids: list[int], vectors: Vectors, question: np.ndarray, count: int) -> list[Scored]:
    scores = [round(float(score), DECIMALS) for score in vectors @ question]
    ranked = sorted(zip(ids, scores, strict=True), key=lambda pair: (-pair[1], pair[0]))
    return [Scored(*pair) for pair in ranked[:count]]


def test_search_finds_what_brute_force_finds(dense: DenseIndex) -> None:
    ids, vectors = list(range(500, 0, -1)), unit_vectors(500)
    dense.add(ids, vectors)
    for question in unit_vectors(20, seed=2):
        for count in (1, 10, 499, 500, 900):
            found = dense.search(question, count, None)
            wanted = brute_force(ids, vectors, question, count)
            assert [hit.passage_id for hit in found] == [hit.passage_id for hit in wanted]
            assert [hit.score for hit in found] == pytest.approx(
                [w.score for w in wanted], abs=2e-6
            )


@pytest.mark.parametrize("count", [1, 2, 7, 30, 39, 40, 41])
def test_ties_are_ordered_and_cut_by_id(dense: DenseIndex, count: int) -> None:
    same, others = unit_vectors(1)[0], unit_vectors(10, seed=3)
    dense.add(range(40, 10, -1), np.repeat(same[None, :], 30, axis=0))
    dense.add(range(1, 11), others)
    found = [hit.passage_id for hit in dense.search(same, count, None)]
    assert found[:30] == list(range(11, 41))[:count]
    assert len(found) == min(count, 40)


def test_only_allowed_passages_are_found(dense: DenseIndex) -> None:
    vectors = unit_vectors(100)
    dense.add(range(1, 101), vectors)
    question = unit_vectors(1, seed=2)[0]
    ranges = [(5, 3), (90, 20), (40, 1)]
    allowed = [5, 6, 7, 40, *range(90, 101)]
    found = dense.search(question, 50, ranges)
    wanted = brute_force(allowed, vectors[[number - 1 for number in allowed]], question, 50)
    assert [hit.passage_id for hit in found] == [hit.passage_id for hit in wanted]
    assert dense.search(question, 50, []) == []


def test_an_empty_index_finds_nothing(dense: DenseIndex) -> None:
    assert dense.search(unit_vectors(1)[0], 5, None) == []
    assert dense.cosines(unit_vectors(1)[0], [1]) == {}
    assert dense.ids() == []


def test_removed_passages_are_not_found(dense: DenseIndex) -> None:
    vectors = unit_vectors(20)
    dense.add(range(1, 21), vectors)
    dense.remove([(1, 5), (18, 10), (50, 2)])
    assert dense.ids() == list(range(6, 18))
    assert len(dense) == 12
    found = dense.search(vectors[0], 20, None)
    assert sorted(hit.passage_id for hit in found) == list(range(6, 18))
    # What is left has kept its own vector.
    assert dense.search(vectors[9], 1, None) == [Scored(10, 1.0)]
    dense.remove([])
    assert len(dense) == 12


def test_cosines_are_those_of_the_passages_that_are_there(dense: DenseIndex) -> None:
    vectors = unit_vectors(5)
    dense.add(range(1, 6), vectors)
    dense.remove([(2, 1)])
    question = unit_vectors(1, seed=2)[0]
    found = dense.cosines(question, [5, 2, 1, 99])
    assert found == pytest.approx({5: vectors[4] @ question, 1: vectors[0] @ question}, abs=2e-6)


def test_a_snapshot_comes_back_as_it_was(tmp_path: Path) -> None:
    before = saved(tmp_path, 20, generation=3)
    after = DenseIndex(tmp_path, KEY, DIMENSIONS)
    after.load(newest=3)
    assert (after.generation, after.ids()) == (3, before.ids())
    question = unit_vectors(1, seed=2)[0]
    assert after.search(question, 20, None) == before.search(question, 20, None)


def test_a_loaded_snapshot_can_be_changed(tmp_path: Path) -> None:
    saved(tmp_path, 20, generation=3)
    dense = DenseIndex(tmp_path, KEY, DIMENSIONS)
    dense.load(newest=3)
    dense.remove([(1, 19)])
    dense.add([30], unit_vectors(1, seed=2))
    assert dense.ids() == [20, 30]


def test_saving_drops_older_snapshots_and_those_of_other_encoders(tmp_path: Path) -> None:
    (tmp_path / "passages.lock").touch()
    saved(tmp_path, 5, generation=1)
    saved(tmp_path, 5, generation=2, key="cd34")
    saved(tmp_path, 6, generation=2)
    assert snapshots(tmp_path) == [f"dense-{KEY}-000000000002.faiss", "passages.lock"]


def test_saving_twice_writes_once(tmp_path: Path) -> None:
    dense = saved(tmp_path, 5, generation=1)
    (path,) = tmp_path.iterdir()
    path.unlink()
    dense.save()
    assert snapshots(tmp_path) == []


def test_a_snapshot_past_the_database_is_not_loaded(tmp_path: Path) -> None:
    saved(tmp_path, 5, generation=7)
    dense = DenseIndex(tmp_path, KEY, DIMENSIONS)
    dense.load(newest=6)
    assert (len(dense), dense.generation) == (0, 0)


def test_a_snapshot_past_the_database_is_dropped_lest_it_be_taken_for_a_later_state(
    tmp_path: Path,
) -> None:
    saved(tmp_path, 5, generation=7)
    DenseIndex(tmp_path, KEY, DIMENSIONS).load(newest=6)
    dense = DenseIndex(tmp_path, KEY, DIMENSIONS)
    dense.load(newest=7)
    assert len(dense) == 0


@pytest.mark.parametrize("damage", ["empty", "cut", "other bytes", "huge counts", "other shape"])
def test_a_damaged_snapshot_is_passed_over(tmp_path: Path, damage: str) -> None:
    saved(tmp_path, 20, generation=3)
    (path,) = tmp_path.iterdir()
    content = path.read_bytes()
    if damage == "empty":
        path.write_bytes(b"")
    elif damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "other bytes":
        path.write_bytes(os.urandom(2_000))
    elif damage == "huge counts":
        path.write_bytes(content[:8] + b"\xff" * 60 + content[68:])
    else:
        other = DenseIndex(tmp_path / "other", KEY, DIMENSIONS + 1)
        (tmp_path / "other").mkdir()
        other.generation = 3
        other.save()
        os.replace(tmp_path / "other" / path.name, path)
    dense = DenseIndex(tmp_path, KEY, DIMENSIONS)
    dense.load(newest=3)
    assert (len(dense), dense.generation) == (0, 0)


def test_a_save_that_fails_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dense = DenseIndex(tmp_path, KEY, DIMENSIONS)
    dense.generation = 1
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        dense.save()
    assert snapshots(tmp_path) == []
    assert dense.saved_generation == 0
