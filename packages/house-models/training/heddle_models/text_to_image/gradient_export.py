"""The adapter gradient as ONNX: a small graph whose frozen weights are the bytes of ``denoiser.onnx`` beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor

from ..export import write_onnx
from .adapter_gradient import AdapterGradient
from .onnx_weights import tidy
from .transformer import Denoiser

FILE, SHARED = "lora-gradient.onnx", "denoiser.onnx"
_SMALL = 4096  # bytes: smaller tensors stay in the graph


def write_gradient(denoiser: Denoiser, folder: Path) -> Path:
    """Write ``lora-gradient.onnx`` into ``folder``, where ``denoiser.onnx`` must lie; returns its path.

    Inputs and outputs are those of ``AdapterGradient``; the batch and the rank are free.
    """
    path, network = folder / FILE, AdapterGradient(denoiser)
    free, a_axes, b_axes = {0: "batch"}, {1: "rank"}, {2: "rank"}
    write_onnx(
        network,
        _example(denoiser),
        path,
        inputs={
            "latent": free,
            "timestep": free,
            "guidance": free,
            "text": free,
            "target": free,
            "lora_a": a_axes,
            "lora_b": b_axes,
        },
        outputs={"loss": {}, "grad_a": a_axes, "grad_b": b_axes},
    )
    tidy(path, network)
    _share(path, folder / SHARED)
    return path


def _example(denoiser: Denoiser, rows: int = 2, rank: int = 3) -> tuple[Tensor, ...]:
    config = denoiser.config
    shape = (rows, config.latent_channels, config.latent, config.latent)
    return (
        torch.randn(shape),
        torch.rand(rows),
        1 + torch.rand(rows),
        torch.randn(rows, config.text_tokens, config.width),
        torch.randn(shape),
        torch.randn(config.depth, rank, 7 * config.width) * 0.1,
        torch.randn(config.depth, 9 * config.width, rank) * 0.1,
    )


def _share(path: Path, shared: Path) -> None:
    """Replace weights that ``shared`` has, as they are or turned, by references to its bytes."""
    stored = shared.read_bytes()
    places = {
        (tensor.data_type, tuple(tensor.dims), tensor.raw_data): (tensor, stored.find(tensor.raw_data))
        for tensor in onnx.load(shared).graph.initializer
        if len(tensor.raw_data) >= _SMALL
    }
    model = onnx.load(path)
    graph, turns, known = model.graph, [], {}
    for tensor in graph.initializer:
        if len(tensor.raw_data) < _SMALL:
            continue
        values = numpy_helper.to_array(tensor)
        if place := places.get((tensor.data_type, values.shape, tensor.raw_data)):
            known[tensor.name] = tensor.name
            _refer(tensor, *place)
        else:
            turned = np.ascontiguousarray(values.T)
            place = places[(tensor.data_type, turned.shape, turned.tobytes())]
            name = tensor.name
            tensor.name = name + ".turned"
            del tensor.dims[:]
            tensor.dims.extend(turned.shape)
            turns.append(helper.make_node("Transpose", [tensor.name], [name], perm=[1, 0]))
            _refer(tensor, *place)
    _put_first(graph, turns)
    onnx.save(model, path)


def _refer(tensor: TensorProto, original: TensorProto, offset: int) -> None:
    assert offset > 0, f"{original.name} lies in the file as it is"
    size = len(original.raw_data)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    del tensor.external_data[:]
    for key, value in (("location", SHARED), ("offset", str(offset)), ("length", str(size))):
        tensor.external_data.add(key=key, value=value)


def _put_first(graph: GraphProto, nodes: list[NodeProto]) -> None:
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *rest])
