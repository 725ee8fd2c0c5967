"""Adapter files hold what was trained, and adapters do what their mathematics says."""

from __future__ import annotations

import argparse

import pytest
import torch

from .config import TINY
from .lora import load_adapter, save_adapter, train_adapter
from .stages import Flow
from .transformer import LORA_A_SPANS, LORA_B_SPANS, LORA_TARGETS, LoraRows


def factors(rank: int) -> tuple[torch.Tensor, torch.Tensor]:
    shape = (TINY.depth, rank, 7 * TINY.width), (TINY.depth, 9 * TINY.width, rank)
    return (torch.randn(shape[0]) * 0.1).half().float(), (torch.randn(shape[1]) * 0.1).half().float()


def test_an_adapter_comes_back_from_its_file(tmp_path):
    a, b = factors(3)
    save_adapter(tmp_path / "x.safetensors", a, b, title="x")
    again_a, again_b = load_adapter(tmp_path / "x.safetensors")
    assert torch.equal(a, again_a)
    assert torch.equal(b, again_b)


def test_rows_get_the_sum_of_their_adapters_as_if_merged_into_the_weights():
    torch.manual_seed(1)
    flow = Flow(TINY, 343).eval().requires_grad_(False)
    for parameter in flow.denoiser.parameters():
        parameter += torch.randn_like(parameter) * 0.05
    (a1, b1), (a2, b2) = factors(2), factors(2)
    latent = torch.randn(2, TINY.latent_channels, TINY.latent, TINY.latent)
    inputs = (latent, torch.rand(2), torch.ones(2), torch.randn(2, TINY.text_tokens, TINY.width))
    index, scale = torch.tensor([[0, 1], [1, 0]]), torch.tensor([[1.0, 0.5], [0.25, 0.0]])
    lora = LoraRows.pick(torch.stack([a1, a2]), torch.stack([b1, b2]), index, scale)
    banked = flow.denoiser(*inputs, lora)
    for layer, block in enumerate(flow.denoiser.blocks):
        for target in LORA_TARGETS:
            (i, j), (k, m) = LORA_A_SPANS[target], LORA_B_SPANS[target]
            w = TINY.width
            for a, b, share in ((a1, b1, 1.0), (a2, b2, 0.5)):
                getattr(block, target).weight += share * b[layer, k * w : m * w] @ a[layer, :, i * w : j * w]
    merged = flow.denoiser(*inputs)
    assert torch.allclose(banked[0], merged[0], atol=1e-4)
    assert not torch.allclose(banked[1], merged[1], atol=1e-2)


@pytest.mark.parametrize("seed", [0])
def test_training_an_adapter_changes_the_output(seed):
    torch.manual_seed(seed)
    flow = Flow(TINY, 343).eval()
    for parameter in flow.parameters():
        parameter.data += torch.randn_like(parameter) * 0.05
    flow.requires_grad_(False)
    options = argparse.Namespace(steps=3, batch=2, rank=2, rate=1e-2)
    latents = torch.randn(4, TINY.latent_channels, TINY.latent, TINY.latent)
    _, b = train_adapter(flow, latents, torch.zeros(4, TINY.text_tokens, dtype=torch.long), options)
    assert b.abs().max() > 0
