"""The gradients written out by hand are those of autograd, in PyTorch and in the exported graph."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
import torch.nn.functional as F

from .adapter_gradient import AdapterGradient
from .autoencoder import Autoencoder
from .config import TINY
from .export import write_parts
from .gradient_export import write_gradient
from .probe import Probe
from .stages import Flow
from .test_export import relative, shaken
from .tokenizer import build_vocabulary
from .transformer import Denoiser, LoraRows


def example(rows: int, rank: int) -> tuple[torch.Tensor, ...]:
    shape = (rows, TINY.latent_channels, TINY.latent, TINY.latent)
    return (
        torch.randn(shape),
        torch.rand(rows),
        1 + 3 * torch.rand(rows),
        torch.randn(rows, TINY.text_tokens, TINY.width),
        torch.randn(shape),
        torch.randn(TINY.depth, rank, 7 * TINY.width) * 0.1,
        torch.randn(TINY.depth, 9 * TINY.width, rank) * 0.1,
    )


def by_autograd(denoiser: Denoiser, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    latent, timestep, guidance, text, target, a, b = inputs
    a, b = a.clone().requires_grad_(), b.clone().requires_grad_()
    rows = len(latent)
    lora = LoraRows(a.expand(rows, -1, -1, -1), b.expand(rows, -1, -1, -1), TINY.width)
    loss = F.mse_loss(denoiser(latent, timestep, guidance, text, lora), target)
    loss.backward()
    return loss.detach(), a.grad, b.grad


@pytest.mark.parametrize(("rows", "rank"), [(1, 1), (3, 4)])
def test_gradients_are_those_of_autograd(rows, rank):
    torch.manual_seed(rows)
    flow = shaken(Flow(TINY, 343))
    inputs = example(rows, rank)
    for made, wanted in zip(AdapterGradient(flow.denoiser)(*inputs), by_autograd(flow.denoiser, inputs), strict=True):
        assert relative(made.numpy(), wanted) <= 1e-4


def test_the_graph_computes_them_with_the_weights_of_the_denoiser_beside_it(tmp_path):
    torch.manual_seed(5)
    flow = shaken(Flow(TINY, len(build_vocabulary())))
    write_parts(flow, shaken(Autoencoder(TINY)), shaken(Probe()), tmp_path, distilled=True)
    file = write_gradient(flow.denoiser, tmp_path)
    graph = onnx.load(file, load_external_data=False).graph
    outside = [t.name for t in graph.initializer if t.data_location == onnx.TensorProto.EXTERNAL]
    inside = sum(len(t.raw_data) for t in graph.initializer)
    assert len(outside) > 10
    assert inside < 32_768
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    for rows, rank in ((1, 2), (4, 3)):
        inputs = example(rows, rank)
        made = session.run(None, {s.name: v.numpy() for s, v in zip(session.get_inputs(), inputs, strict=True)})
        for output, wanted in zip(made, by_autograd(flow.denoiser, inputs), strict=True):
            assert relative(np.asarray(output), wanted) <= 1e-3
