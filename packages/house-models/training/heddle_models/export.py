"""Writing a network as ONNX, with its manifest: shared by all models of this package."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

OPSET = 17
PACKAGE = Path(__file__).resolve().parents[2]
"""The house-models package, to which the manifests' paths are relative."""


def write_onnx(
    network: nn.Module,
    example: tuple[Tensor, ...],
    file: Path,
    *,
    inputs: dict[str, dict[int, str]],
    outputs: dict[str, dict[int, str]],
) -> None:
    """Exports a network with named inputs and outputs.

    Args:
        network: switched to evaluation mode here.
        example: example inputs, in the order of `inputs`.
        file: the ONNX file; weights lie inside it.
        inputs: for each input, the names of its free axes.
        outputs: likewise.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        network.eval(),
        example,
        file,
        dynamo=False,
        opset_version=OPSET,
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_axes=inputs | outputs,
    )


def write_manifest(file: Path, weights: Path, facts: dict[str, Any]) -> dict[str, Any]:
    """Writes `facts` with the path, size and SHA-256 of the weights as JSON, and returns it.

    The path is relative to the house-models package, or just a name where the weights lie outside it.
    """
    data = weights.read_bytes()
    inside = weights.resolve().is_relative_to(PACKAGE)
    path = weights.resolve().relative_to(PACKAGE).as_posix() if inside else weights.name
    manifest = facts | {"weights": {"file": path, "sizeBytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}}
    file.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return manifest
