from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from retrieval.training.reader.model import KEPT, WEIGHTS, average


def write_model(folder: Path, *values: float, name: str = "weight") -> Path:
    folder.mkdir()
    save_file({name: torch.tensor(values, dtype=torch.float16)}, folder / WEIGHTS)
    for each in KEPT:
        (folder / each).write_text(f"{folder.name} {each}")
    return folder


def test_every_weight_is_the_mean_and_the_rest_is_the_first_ones(tmp_path: Path) -> None:
    models = [write_model(tmp_path / "a", 1, 4), write_model(tmp_path / "b", 2, -8)]
    average(models, tmp_path / "mean")
    found = load_file(tmp_path / "mean" / WEIGHTS)
    assert found["weight"].tolist() == [1.5, -2]
    assert found["weight"].dtype == torch.float16
    assert [(tmp_path / "mean" / each).read_text() for each in KEPT] == [f"a {e}" for e in KEPT]


@pytest.mark.parametrize(("values", "name"), [((1.0,), "weight"), ((1.0, 4.0), "other")])
def test_models_of_another_shape_are_refused_by_name(
    tmp_path: Path, values: tuple[float, ...], name: str
) -> None:
    models = [write_model(tmp_path / "a", 1, 4), write_model(tmp_path / "b", *values, name=name)]
    with pytest.raises(ValueError, match=r"b has other weights than .*a"):
        average(models, tmp_path / "mean")
    assert not (tmp_path / "mean").exists()
