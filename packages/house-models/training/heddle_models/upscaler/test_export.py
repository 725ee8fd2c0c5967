import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image

from heddle_models.upscaler.__main__ import PHOTOS, WEIGHTS
from heddle_models.upscaler.evaluate import evaluate, mean_gain
from heddle_models.upscaler.export import FILE_NAME, OVERLAP, Clipped, export_network, load_exported
from heddle_models.upscaler.network import Upscaler


def run(file: Path, pixels: torch.Tensor) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return session.run(None, {"picture": pixels.numpy()})[0]


def relative_difference(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.linalg.norm(first - second) / np.linalg.norm(second))


@pytest.mark.parametrize("shape", [(1, 3, 48, 40), (1, 3, 7, 61), (2, 3, 33, 16)])
def test_the_committed_file_computes_what_pytorch_computes(shape: tuple[int, ...]) -> None:
    pixels = torch.rand(shape, generator=torch.Generator().manual_seed(4))
    with torch.no_grad():
        wanted = Clipped(load_exported(WEIGHTS / FILE_NAME))(pixels).numpy()
    assert relative_difference(run(WEIGHTS / FILE_NAME, pixels), wanted) <= 1e-3


def test_a_fresh_export_computes_what_pytorch_computes_and_can_be_read_back(tmp_path: Path) -> None:
    torch.manual_seed(2)
    network = Upscaler()
    torch.nn.init.normal_(network.tail.weight, std=0.02)
    export_network(network, tmp_path / "network.onnx")
    pixels = torch.rand(1, 3, 21, 30)
    with torch.no_grad():
        wanted = Clipped(network)(pixels).numpy()
    assert relative_difference(run(tmp_path / "network.onnx", pixels), wanted) <= 1e-3
    assert torch.equal(load_exported(tmp_path / "network.onnx").tail.weight, network.tail.weight)


@pytest.mark.parametrize("reduction", [Image.Resampling.BICUBIC, Image.Resampling.LANCZOS, Image.Resampling.BOX])
def test_the_committed_weights_gain_what_the_manifest_says(reduction: Image.Resampling) -> None:
    manifest = json.loads((WEIGHTS / "manifest.json").read_text(encoding="utf-8"))
    gain = mean_gain(evaluate(load_exported(WEIGHTS / FILE_NAME), PHOTOS, reduction))
    assert gain == pytest.approx(manifest["training"]["psnrGainOverBicubicDb"][reduction.name.lower()], abs=0.01)
    assert gain >= 0.5


@pytest.mark.parametrize("kind", ["noise", "checks"])
def test_beyond_the_overlap_nothing_visible_changes(kind: str) -> None:
    """The worst that can lie beyond a tile's margin: anything at all, against grey."""
    generator = torch.Generator().manual_seed(6)
    pixels = torch.rand(1, 3, 48, 160, generator=generator)
    if kind == "checks":
        rows, columns = torch.meshgrid(torch.arange(48), torch.arange(160), indexing="ij")
        pixels = ((rows // 3 + columns // 3) % 2).float().expand(1, 3, 48, 160)
    cut = 80
    whole = run(WEIGHTS / FILE_NAME, pixels)[..., : 4 * cut]
    tile = run(WEIGHTS / FILE_NAME, pixels[..., : cut + OVERLAP])[..., : 4 * cut]
    assert np.abs(whole - tile).max() <= 0.1 / 255
