"""`export`: the averaged network as ONNX, with a manifest that says what it is and what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnx
import torch
from PIL import Image
from torch import Tensor, nn

from heddle_models.export import write_manifest, write_onnx
from heddle_models.upscaler.evaluate import evaluate, mean_gain
from heddle_models.upscaler.network import SCALE, Upscaler
from heddle_models.upscaler.train import load_averaged

VERSION = "1.0.0"
FILE_NAME = "upscaler-4x.onnx"
TILE = 192
"""Side of a tile in pixels: 0.2 GB of working memory, and short enough that a cancel is soon heard."""

OVERLAP = 16
"""Margin of a tile in pixels. Less than the receptive radius: what lies further away changes a byte by
a hundredth at most, on photographs and on noise, as a test holds."""


class Clipped(nn.Module):
    """What is exported: the network with its output held to 0..1."""

    def __init__(self, network: Upscaler) -> None:
        super().__init__()
        self.network = network

    def forward(self, picture: Tensor) -> Tensor:
        return self.network(picture).clamp(0, 1)


def export_network(network: Upscaler, file: Path) -> None:
    """Writes `file`: input `picture` N x 3 x H x W, output `enlarged` N x 3 x 4H x 4W, both float32, 0..1."""
    write_onnx(
        Clipped(network),
        (torch.rand(1, 3, 48, 40),),
        file,
        inputs={"picture": {0: "count", 2: "height", 3: "width"}},
        outputs={"enlarged": {0: "count", 2: "enlarged_height", 3: "enlarged_width"}},
    )


def load_exported(file: Path) -> Upscaler:
    """The network with the weights of an exported file: to measure it, or to train it further."""
    prefix = "network."
    weights = {
        entry.name.removeprefix(prefix): torch.from_numpy(onnx.numpy_helper.to_array(entry).copy())
        for entry in onnx.load(file).graph.initializer
        if entry.name.startswith(prefix)
    }
    network = Upscaler()
    network.load_state_dict({name: weights[name] for name in network.state_dict()})
    return network.eval()


def export_upscaler(checkpoint: Path, photos: Path, weights: Path) -> dict[str, Any]:
    """Exports the averaged weights of a checkpoint to `weights`/upscaler-4x.onnx and measures them."""
    network = load_averaged(checkpoint)
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    file = weights / FILE_NAME
    export_network(network, file)
    gains = {
        reduction.name.lower(): round(mean_gain(evaluate(network, photos, reduction)), 3)
        for reduction in (Image.Resampling.BICUBIC, Image.Resampling.LANCZOS, Image.Resampling.BOX)
    }
    facts = {
        "id": "house-upscaler-4x",
        "version": VERSION,
        "title": "House upscaler ×4",
        "op": "upscale",
        "scale": SCALE,
        "licence": "Apache-2.0",
        "input": "picture",
        "output": "enlarged",
        "tile": TILE,
        "overlap": OVERLAP,
        "receptiveRadius": network.receptive_radius,
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "training": {
            "steps": state["step"],
            "seconds": round(state["seconds"]),
            "psnrGainOverBicubicDb": gains,
        },
    }
    return write_manifest(weights / "manifest.json", file, facts)
