"""Weights inside ONNX files: named as in PyTorch, stored as float16, and read back for further training."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import GraphProto, TensorProto, helper, numpy_helper
from torch import Tensor, nn

from .autoencoder import Autoencoder
from .config import Config
from .stages import Flow

HALF, TURNED = ".half", ".T"


def tidy(path: Path, module: nn.Module, *, lossy: bool = False) -> None:
    """Rewrite an exported file: weights named as in ``module``, equal tables shared, weights stored as float16.

    Storing as float16 followed by a cast is done where it loses nothing (weights were rounded before), or everywhere if
    ``lossy`` (where the exporter folds a normalisation into weights).
    """
    model = onnx.load(path)
    graph = model.graph
    renamed = _share_constants(graph)
    renamed |= _name_weights(graph, module)
    for node in graph.node:
        node.doc_string = ""
        node.input[:] = [renamed.get(name, name) for name in node.input]
    casts = _halve(graph, lossy)
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _share_constants(graph: GraphProto) -> dict[str, str]:
    """Turn large Constant nodes into initializers, equal ones into one; returns old name → new name."""
    renamed, known, kept = {}, {}, []
    for node in graph.node:
        value = node.attribute[0].t if node.op_type == "Constant" and node.attribute[0].name == "value" else None
        if value is None or len(value.raw_data) < 4096:
            kept.append(node)
            continue
        key = (tuple(value.dims), value.data_type, value.raw_data)
        if key not in known:
            known[key] = f"table_{len(known)}"
            graph.initializer.append(numpy_helper.from_array(numpy_helper.to_array(value), known[key]))
        renamed[node.output[0]] = known[key]
    del graph.node[:]
    graph.node.extend(kept)
    return renamed


def _name_weights(graph: GraphProto, module: nn.Module) -> dict[str, str]:
    """Give initializers that the exporter renamed the name of the weight whose values they hold (``.T``: turned)."""
    plain, turned = {}, {}
    for name, value in module.state_dict().items():
        values = value.float().numpy()
        plain.setdefault(values.tobytes(), []).append(name)
        if values.ndim == 2:
            turned.setdefault(np.ascontiguousarray(values.T).tobytes(), []).append(name + TURNED)
    taken = {tensor.name for tensor in graph.initializer}
    renamed = {}
    for tensor in graph.initializer:
        if not tensor.name.startswith("onnx::"):
            continue
        data = numpy_helper.to_array(tensor).tobytes()
        names = [n for n in (*plain.get(data, ()), *turned.get(data, ())) if n not in taken]
        if names:
            taken.add(names[0])
            renamed[tensor.name] = names[0]
            tensor.name = names[0]
    return renamed


def _halve(graph: GraphProto, lossy: bool) -> list[onnx.NodeProto]:
    """Make float32 initializers float16; returns the cast nodes that undo it at load time."""
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        half = values.astype(np.float16)
        if values.size < 64 or not (lossy or np.array_equal(half.astype(np.float32), values)):
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(half, name + HALF))
        casts.append(helper.make_node("Cast", [name + HALF], [name], to=TensorProto.FLOAT))
    return casts


def read_weights(path: Path) -> dict[str, Tensor]:
    """All weights of a part by their PyTorch names, float32."""
    weights = {}
    for tensor in onnx.load(path).graph.initializer:
        values = torch.from_numpy(numpy_helper.to_array(tensor).copy())
        name = tensor.name.removesuffix(HALF)
        weights[name.removesuffix(TURNED)] = values.float().T.contiguous() if name.endswith(TURNED) else values.float()
    return weights


def load_parts(folder: Path) -> tuple[Flow, Autoencoder]:
    """The released networks in PyTorch, out of the ONNX parts in ``folder``; frozen."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    config = Config.from_dict(manifest["config"])
    flow = Flow(config, len(manifest["tokenizer"]["vocabulary"]))
    _fill(flow.text, read_weights(folder / "text-encoder.onnx"), "")
    _fill(flow.denoiser, read_weights(folder / "denoiser.onnx"), "denoiser.")
    autoencoder = Autoencoder(config)
    _fill(autoencoder, read_weights(folder / "encoder.onnx") | read_weights(folder / "decoder.onnx"), "autoencoder.")
    return flow.eval().requires_grad_(False), autoencoder.eval().requires_grad_(False)


def _fill(module: nn.Module, weights: dict[str, Tensor], prefix: str) -> None:
    state = module.state_dict()
    wanted = {name: value for name, value in state.items() if value.is_floating_point()}
    found = {name: weights[prefix + name].reshape(value.shape) for name, value in wanted.items()}
    module.load_state_dict(state | found)


def fill(module: nn.Module, weights: dict[str, Tensor]) -> nn.Module:
    """Put weights read from a part into the network that it was exported from; frozen."""
    _fill(module, weights, "")
    return module.eval().requires_grad_(False)
