"""Captions to pictures with the PyTorch networks (for training time; the product uses the ONNX parts)."""

from __future__ import annotations

import torch
from torch import Tensor

from .autoencoder import Autoencoder
from .evaluate import Painter
from .sampler import SHIFT, euler, guided, noise, schedule
from .stages import Flow
from .tokenizer import Tokenizer


def torch_painter(
    flow: Flow,
    autoencoder: Autoencoder,
    *,
    distilled: bool,
    steps: int = 12,
    guidance: float = 3.0,
    shift: float = SHIFT,
) -> Painter:
    """A painter on the networks' own device."""
    config = flow.denoiser.config
    tokenizer = Tokenizer(length=config.text_tokens)
    device = next(flow.parameters()).device
    shape = (config.latent_channels, config.latent, config.latent)

    @torch.no_grad()
    def paint(captions: list[str], seeds: list[int]) -> Tensor:
        text = flow.text(torch.from_numpy(tokenizer.batch(captions)).to(device))
        empty = flow.text(torch.zeros(len(captions), config.text_tokens, dtype=torch.long, device=device))
        start = torch.stack([noise(seed, shape) for seed in seeds]).to(device)
        velocity = guided(flow.denoiser, text, empty, guidance, distilled)
        latent = euler(velocity, start, schedule(steps, shift=shift))
        return autoencoder.decode(latent).clamp(-1, 1).float().cpu()

    return paint
