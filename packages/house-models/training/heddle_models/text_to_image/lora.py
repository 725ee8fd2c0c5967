"""Style adapters: low-rank changes (Hu et al., 2021) of the denoiser, trained on pictures of one look.

An adapter file is safetensors with, for every layer i and target t (qkv, out, up, down), ``blocks.i.t.lora_A.weight``
[rank, in] and ``blocks.i.t.lora_B.weight`` [out, rank] as float16; the change is x → scale · B A x. The header names
base model, rank and title.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from ..scenes import render, sample
from ..scenes.attributes import STYLES
from ..scenes.captions import caption
from ..scenes.looks import LOOKS
from .adapter_gradient import AdapterGradient
from .config import Config
from .onnx_weights import load_parts
from .stages import Flow
from .tokenizer import Tokenizer
from .transformer import LORA_A_SPANS, LORA_B_SPANS, LORA_TARGETS

BASE = "house-text-to-image"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of ``lora``."""
    parser.add_argument("--onnx", type=Path, required=True, help="folder with the exported parts of the base model")
    parser.add_argument("--look", choices=tuple(LOOKS), required=True)
    parser.add_argument("--out", type=Path, required=True, help="adapter file to write")
    parser.add_argument("--scenes", type=int, default=160)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rank", type=int, default=4)
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--gain", type=float, default=1.0, help="how much stronger than trained the file is to be")


def run(options: argparse.Namespace) -> None:
    """Train one adapter on renders in a look."""
    flow, autoencoder = load_parts(options.onnx)
    latents, tokens = look_set(options.look, options.scenes, autoencoder, flow.denoiser.config)
    a, b = train_adapter(flow, latents, tokens, options)
    save_adapter(options.out, a, options.gain * b, title=options.look)
    print(f"wrote {options.out}")


@torch.no_grad()
def look_set(look: str, count: int, autoencoder: torch.nn.Module, config: Config) -> tuple[Tensor, Tensor]:
    """Latents [N, C, s, s] of scenes in a look, and token ids [N, T] of captions that do not name a style."""
    style, painter = LOOKS[look]
    scenes = sample(count, np.random.default_rng(23))
    scenes.style[:] = STYLES.index(style)
    pictures = render(scenes, size=config.image, canvases={style: painter}) * 2 - 1
    latents = torch.cat([autoencoder.encode(part) for part in pictures.split(16)])
    dice, tokenizer = random.Random(23), Tokenizer(length=config.text_tokens)
    texts = [caption(scenes, row, dice, styled=False) for row in range(count)]
    return latents, torch.from_numpy(tokenizer.batch(texts))


def train_adapter(flow: Flow, latents: Tensor, tokens: Tensor, options: argparse.Namespace) -> tuple[Tensor, Tensor]:
    """Flow matching on a few pictures; returns packed factors a [L, r, 7w] and b [L, 9w, r]."""
    torch.manual_seed(9)
    config = flow.denoiser.config
    a = torch.randn(config.depth, options.rank, 7 * config.width) / config.width**0.5
    b = torch.zeros(config.depth, 9 * config.width, options.rank)
    optimiser = torch.optim.AdamW([a, b], lr=options.rate, betas=(0.9, 0.98), weight_decay=0.0)
    with torch.no_grad():
        texts = torch.cat([flow.text(part) for part in tokens.split(32)])
    network = AdapterGradient(flow.denoiser)
    start, running = time.monotonic(), 0.0
    for step in range(options.steps):
        for group in optimiser.param_groups:
            group["lr"] = options.rate * min(1.0, (step + 1) / 20) * min(1.0, 2.2 * (1 - step / options.steps))
        with torch.no_grad():
            loss, a.grad, b.grad = network(*_examples(latents, texts, options.batch), a, b)
        torch.nn.utils.clip_grad_norm_([a, b], 1.0)
        optimiser.step()
        running = loss.item() if step == 0 else running * 0.95 + loss.item() * 0.05
        if step % 25 == 0:
            print(f"step {step} loss {running:.4f} seconds {time.monotonic() - start:.0f}", flush=True)
    return a.detach(), b.detach()


def _examples(latents: Tensor, texts: Tensor, batch: int) -> tuple[Tensor, ...]:
    """A random batch: noisy latents, times, guidance, text and what to predict."""
    index = torch.randint(len(latents), (batch,))
    picture = latents[index]
    noise = torch.randn_like(picture)
    t = torch.sigmoid(torch.randn(batch) * 1.1 + 0.2)
    mixed = torch.lerp(picture, noise, t[:, None, None, None])
    # Half the rows at no guidance, half at the usual one: the look must hold at both.
    guidance = torch.where(torch.rand(batch) < 0.5, 1.0, 3.0)
    return mixed, t, guidance, texts[index], noise - picture


def save_adapter(path: Path, a: Tensor, b: Tensor, *, title: str) -> None:
    """Write packed factors as an adapter file."""
    width = a.shape[2] // 7
    tensors = {}
    for layer in range(len(a)):
        for target in LORA_TARGETS:
            first, last = LORA_A_SPANS[target]
            key = f"blocks.{layer}.{target}"
            tensors[f"{key}.lora_A.weight"] = a[layer, :, first * width : last * width].half().contiguous()
            first, last = LORA_B_SPANS[target]
            tensors[f"{key}.lora_B.weight"] = b[layer, first * width : last * width].half().contiguous()
    path.parent.mkdir(parents=True, exist_ok=True)
    header = {"format": "heddle-lora", "base": BASE, "rank": str(a.shape[1]), "title": title}
    save_file(tensors, path, metadata=header)


def load_adapter(path: Path) -> tuple[Tensor, Tensor]:
    """The packed factors of an adapter file: a [L, r, 7w] and b [L, 9w, r], float32."""
    with safe_open(path, framework="pt") as file:
        tensors = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118 - not a dict
    layers = 1 + max(int(key.split(".")[1]) for key in tensors)

    def packed(kind: str, axis: int) -> Tensor:
        return torch.stack(
            [
                torch.cat([tensors[f"blocks.{layer}.{target}.lora_{kind}.weight"] for target in LORA_TARGETS], axis)
                for layer in range(layers)
            ]
        )

    return packed("A", 1), packed("B", 0)
