from pathlib import Path

import pytest
import torch

from retrieval.readers.load import DEFAULT_FOLDER
from retrieval.rewriting.term_model import Adapted, TermModel, load_changes, save_changes

pytestmark = pytest.mark.real


def test_a_change_is_nothing_at_first_and_part_of_the_layer_when_merged() -> None:
    torch.manual_seed(3)
    layer = torch.nn.Linear(12, 20)
    adapted, x = Adapted(layer), torch.randn(5, 12)
    assert torch.equal(adapted(x), layer(x))
    with torch.no_grad():
        adapted.up += torch.randn_like(adapted.up)
        changed = adapted(x)
        assert not torch.allclose(changed, layer(x))
        assert torch.allclose(adapted.merged()(x), changed, atol=1e-5)


def test_what_is_saved_makes_the_same_model(tmp_path: Path) -> None:
    torch.manual_seed(3)
    model, again = (TermModel(DEFAULT_FOLDER).eval() for _ in range(2))
    with torch.no_grad():
        for weight in model.changes().values():
            # What float16 holds exactly.
            weight.copy_(torch.randint_like(weight, -2, 3) / 64)
    save_changes(model, tmp_path / "changes.safetensors")
    assert (tmp_path / "changes.safetensors").stat().st_size < 2_000_000
    load_changes(again, tmp_path / "changes.safetensors")
    ids = torch.arange(1000, 1012)[None]
    inputs = ids, torch.ones_like(ids), torch.zeros_like(ids)
    with torch.no_grad():
        wanted = model(*inputs)
        model.merge()
        for name, scores in wanted.items():
            assert torch.equal(again(*inputs)[name], scores)
            assert torch.allclose(model(*inputs)[name], scores, atol=1e-3)
