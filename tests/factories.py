"""Make the data of the tests."""

from __future__ import annotations

import datetime
import hashlib
import json
import string
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st
from sqlalchemy import select
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

from index.passages import embedded_texts, split_passages
from index.search.search_index import LocalSearchIndex
from index.store import schema
from index.store.database import Database
from index.store.write import store_report
from index.types import Encoder, ParsedReport, Passage, PassageRange, Stored

AWKWARD = (
    *(
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 ",
        "\U0001f1f0\U0001f1ff",
        "\U0001d54f",
        "\u2764\ufe0f",
    ),
    *(
        "e\u0301",
        "\u0301",
        "n\u0303o ",
        "\u0e01\u0e33",
        "\u1100\u1161\u11a8",
        "\ufb01",
        "\u0130",
        "\u00df",
    ),
    *(
        "\r\n",
        "\r\n\r\n",
        "\n",
        "\n\n",
        "\r",
        "\r\r",
        "\n \t\n",
        "\u2028",
        "\u2029",
        "\x85",
        "\x1c",
    ),
    *("\ufeff", "\u200b", "\u200d", "\u2060", "\u00ad", "\u00a0", "\u3000", "\u202e", "\u2066"),
    *(
        "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd. ",
        "\u0645\u0631\u062d\u0628\u0627\u061f ",
    ),
    *(
        "\u4e2d\u6587\u53e5\u5b50\u3002",
        "\u0939\u093f\u0928\u094d\u0926\u0940\u0964 ",
        "\u0661\u0662",
    ),
    *(
        ". ",
        "! ",
        "? ",
        "\u2026 ",
        "Dr. ",
        "U.S. ",
        "\u201cYes.\u201d ",
        "(",
        ")",
        "- ",
        "#",
        "12.5 ",
    ),
    *(
        "word ",
        "The river rose by 4.2 metres. ",
        "a" * 300,
        "\u00e9" * 90,
        "." * 120,
        "\U0001f600" * 40,
    ),
)
"""Pieces of text that splitters, tokenizers and offsets stumble over."""


def awkward_texts(max_pieces: int = 60) -> st.SearchStrategy[str]:
    """Texts made of awkward pieces and of whatever hypothesis thinks of."""
    piece = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=12))
    # hypothesis draws short lists: a piece many times over fills passages.
    repeated = st.builds(str.__mul__, piece, st.integers(2, 80))
    piece = st.one_of(piece, piece, repeated)
    return st.lists(piece, max_size=max_pieces).map("".join)


def make_report(
    text: str, *, title: str = "A report", date: datetime.date | None = None
) -> ParsedReport:
    """A report of this text."""
    return ParsedReport(
        text=text,
        title=title,
        date=date,
        date_evidence=None if date is None else "given",
        media_type="text/plain",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def make_passage(
    text: str, *, number: int = 1, document_id: str = "doc_1", start: int = 0
) -> Passage:
    """A passage as the database would give it."""
    return Passage(number, document_id, start, start + len(text), text, "A report", None)


def store(
    database: Database,
    encoder: Encoder,
    text: str,
    *,
    source: str | None = None,
    collection: str = "default",
    title: str = "A report",
    date: datetime.date | None = None,
) -> Stored:
    """Store a report without telling any search index; its source is a file named by its bytes."""
    report = make_report(text, title=title, date=date)
    ranges = split_passages(text, encoder)
    passages = [text[found.start : found.end] for found in ranges]
    vectors = encoder.embed_passages(embedded_texts(passages, title, date, encoder))
    return store_report(
        database,
        report,
        ranges,
        vectors,
        collection=collection,
        source=source or f"/reports/{report.sha256[:12]}.txt",
    )


def stored_passage_ids(database: Database) -> list[int]:
    """The ids of all passages in the database, sorted."""
    with database.read() as connection:
        return list(
            connection.execute(
                select(schema.passages.c.id).order_by(schema.passages.c.id)
            ).scalars()
        )


def assert_follows(index: LocalSearchIndex, database: Database) -> None:
    """Both caches hold just the passages of the database, at its generation."""
    wanted = stored_passage_ids(database)
    assert index.passage_ids() == (wanted, wanted)
    assert index.generation == database.generation()


def assert_covers(text: str, ranges: Sequence[PassageRange] | Sequence[tuple[int, int]]) -> None:
    """The ranges are in order, do not overlap, and leave out only white space."""
    at = 0
    for found in ranges:
        start, end = (found.start, found.end) if isinstance(found, PassageRange) else found
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


WHOLE_WORDS = tuple(
    "the a an of in on to by was were had why did when who river dam rain valley mayor dyke broke "
    "rose fell flood town people left heavy clay core report".split()
)
"""Words that are one piece to `make_tokenizer`; it spells the others letter by letter."""


def make_tokenizer() -> Tokenizer:
    """A tokenizer as BERT's is: lower case, no accents, pairs, any ASCII word in pieces."""
    letters = string.ascii_lowercase + string.digits
    # A syllable of Hangul becomes two letters: pieces of one character.
    hangul = ("\u1100", "##\u1161")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *string.punctuation, *hangul]
    pieces += [f"##{letter}" for letter in letters]
    pieces += [word for word in WHOLE_WORDS if word not in pieces]
    numbers = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(WordPiece(numbers, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(name, numbers[name]) for name in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def write_tiny_reader(folder: Path, seed: int = 7) -> Path:
    """Fill a folder with a BERT of two layers that answers questions by chance."""
    import torch
    from transformers import BertConfig, BertForQuestionAnswering
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    tokenizer = make_tokenizer()
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        initializer_range=0.3,  # so that inputs tell in the outputs
    )
    torch.manual_seed(seed)
    BertForQuestionAnswering(config).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return folder
