"""The dense index: FAISS, exact, in memory, with a snapshot on disk."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.search.cache_files import remove
from index.search.rank import DECIMALS, best
from index.types import Scored, Vector, Vectors

STALE_SECONDS = 3600
"""The age from which on a half-written snapshot is nobody's."""

_SNAPSHOT = re.compile(r"dense-(?P<key>[0-9a-f]+)-(?P<generation>\d+)\.faiss")


class DenseIndex:
    """Passage vectors by passage id, searched exactly by inner product.

    Not safe for a change beside a search: the caller holds a lock.
    """

    def __init__(self, folder: Path, key: str, dimensions: int) -> None:
        """`key` (hexadecimal) names the database and encoder that the vectors belong to."""
        self._folder = folder
        self._key = key
        self._dimensions = dimensions
        self.clear()

    def clear(self) -> None:
        """Forget all vectors."""
        import faiss

        # One question is one row: threads would only wait for each other.
        faiss.omp_set_num_threads(1)
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(self._dimensions))
        self.generation = 0
        self.saved_generation = 0

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def ids(self) -> list[int]:
        """All passage ids, sorted."""
        import faiss

        return sorted(faiss.vector_to_array(self._index.id_map).tolist())

    def add(self, passage_ids: Sequence[int], vectors: Vectors) -> None:
        """Add vectors of passages that are not there yet."""
        self._index.add_with_ids(vectors, np.asarray(passage_ids, dtype=np.int64))

    def remove(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Remove the passages of each (first id, count) that are there."""
        import faiss

        doomed = [np.arange(first, first + count) for first, count in ranges]
        if doomed and len(self):
            self._index.remove_ids(faiss.IDSelectorBatch(np.concatenate(doomed).astype(np.int64)))

    def search(
        self, vector: Vector, count: int, ranges: Sequence[tuple[int, int]] | None
    ) -> list[Scored]:
        """The nearest passages, best first, ties by id; `ranges` limits which may be found."""
        import faiss

        if not len(self) or ranges == []:
            return []
        options: dict[str, Any] = {}
        if ranges is not None:
            allowed = np.zeros(max(first + size for first, size in ranges), dtype=bool)
            for first, size in ranges:
                allowed[first : first + size] = True
            bits = np.packbits(allowed, bitorder="little")
            selector: Any = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
            parameters: Any = faiss.SearchParameters
            options["params"] = parameters(sel=selector)

        def fetch(wanted: int) -> list[tuple[int, float]]:
            # FAISS fills up with -1 where it has fewer.
            scores, ids = self._index.search(vector[None, :], min(wanted, len(self)), **options)
            pairs = zip(ids[0].tolist(), scores[0].tolist(), strict=True)
            return [(number, score) for number, score in pairs if number >= 0]

        return best(fetch, count)

    def vectors(self, passage_ids: Sequence[int]) -> dict[int, Vector]:
        """The vector of each of the passages that is there."""
        found: dict[int, Vector] = {}
        for number in passage_ids:
            # Asked for one by one: FAISS tells of a missing id only by an error.
            with contextlib.suppress(RuntimeError):
                found[number] = self._index.reconstruct(int(number))
        return found

    def cosines(self, vector: Vector, passage_ids: Sequence[int]) -> dict[int, float]:
        """The cosine of each of the passages that is there."""
        found = self.vectors(passage_ids)
        if not found:
            return {}
        scores = np.stack(list(found.values())) @ vector
        return {
            number: round(float(score), DECIMALS)
            for number, score in zip(found, scores, strict=True)
        }

    def save(self) -> None:
        """Write a snapshot of this generation, atomically, and drop the older ones."""
        import faiss

        if self.saved_generation == self.generation:
            return
        for stale in self._folder.glob("*.part"):
            # A process that was killed while it wrote; one that writes now is younger.
            with contextlib.suppress(FileNotFoundError):
                if time.time() - stale.stat().st_mtime > STALE_SECONDS:
                    stale.unlink()
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        os.close(handle)
        try:
            faiss.write_index(self._index, name)
            with open(name, "r+b") as written:
                # FAISS reads no further than its own bytes: the checksum may follow them.
                checksum = hashlib.file_digest(written, "sha256").digest()
                written.seek(0, os.SEEK_END)
                written.write(checksum)
                written.flush()
                os.fsync(written.fileno())
            if self._path(self.generation).is_dir():
                remove(self._path(self.generation))
            os.replace(name, self._path(self.generation))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self.saved_generation = self.generation
        for path, key, generation in self._snapshots():
            if key != self._key or generation < self.generation:
                remove(path)

    def load(self, newest: int) -> None:
        """Load the newest snapshot that is not past generation `newest`; none leaves it empty."""
        import faiss

        for path, key, generation in self._snapshots():
            if key != self._key:
                continue
            if generation > newest:
                # The database was put back to an older state: when it has come that far again, it
                # will hold something else.
                remove(path)
                continue
            try:
                # FAISS itself takes flipped ids or vectors for good ones.
                loaded = faiss.read_index(str(path)) if _is_whole(path) else None
            except (RuntimeError, OSError):
                loaded = None
            if loaded is None:
                # Damaged, or dropped by another process since: a cache is built again.
                remove(path)
                continue
            if isinstance(loaded, faiss.IndexIDMap2) and loaded.d == self._dimensions:
                self._index = loaded
                self.generation = self.saved_generation = generation
                return

    def _path(self, generation: int) -> Path:
        return self._folder / f"dense-{self._key}-{generation:012d}.faiss"

    def _snapshots(self) -> list[tuple[Path, str, int]]:
        """Path, key and generation of all snapshots, the newest first."""
        paths = sorted(self._folder.glob("dense-*.faiss"), reverse=True)
        matches = ((path, _SNAPSHOT.fullmatch(path.name)) for path in paths)
        return [(path, m["key"], int(m["generation"])) for path, m in matches if m]


def _is_whole(path: Path) -> bool:
    """Whether the file's last bytes are the checksum of those before."""
    size = hashlib.sha256().digest_size
    left = path.stat().st_size - size
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while left > 0 and (block := file.read(min(left, 1 << 20))):
            digest.update(block)
            left -= len(block)
        return left == 0 and file.read() == digest.digest()
