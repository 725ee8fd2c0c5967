"""The text encoder and the denoiser: a single-stream rectified-flow transformer with LoRA banks as inputs.

Text and image tokens share one sequence and one set of weights; time, guidance and the pooled text modulate every layer
(adaptive layer norm with shared weights and a per-layer table, as in PixArt-alpha, Chen et al., 2023). Attention
normalises queries and keys (Dehghani et al., 2023) and rotates image tokens by row and column (RoPE, Su et al., 2021).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import Config

# The linear layers that a LoRA may change, and where each lies in the packed axes of the banks, in widths.
LORA_TARGETS = ("qkv", "out", "up", "down")
LORA_A_SPANS = {"qkv": (0, 1), "out": (1, 2), "up": (2, 3), "down": (3, 7)}
LORA_B_SPANS = {"qkv": (0, 3), "out": (3, 4), "up": (4, 8), "down": (8, 9)}


@dataclass
class LoraRows:
    """The adapters of every row of a batch, already picked from the banks.

    ``a`` [B, L, R, 7·width] holds, side by side, the A of qkv, out, up and down; ``b`` [B, L, 9·width, R] their B, one
    below the other; R is slots × rank and scales are folded into ``b``.
    """

    a: Tensor
    b: Tensor
    width: int

    @staticmethod
    def pick(bank_a: Tensor, bank_b: Tensor, index: Tensor, scale: Tensor) -> LoraRows:
        """From banks [K, L, r, 7w] and [K, L, 9w, r] by per-row ``index`` int64 [B, S] and ``scale`` [B, S]."""
        rows, slots = index.shape
        a = bank_a[index]  # [B, S, L, r, 7w]
        b = bank_b[index] * scale[:, :, None, None, None]
        layers, rank, width = a.shape[2], a.shape[3], a.shape[4] // 7
        a = a.permute(0, 2, 1, 3, 4).reshape(rows, layers, slots * rank, 7 * width)
        b = b.permute(0, 2, 3, 1, 4).reshape(rows, layers, 9 * width, slots * rank)
        return LoraRows(a, b, width)

    def add(self, layer: int, target: str, x: Tensor) -> Tensor:
        """The change that the adapters make to ``target`` of ``layer`` for x [B, T, in]: [B, T, out]."""
        before, after = LORA_A_SPANS[target], LORA_B_SPANS[target]
        a = self.a[:, layer, :, before[0] * self.width : before[1] * self.width]
        b = self.b[:, layer, after[0] * self.width : after[1] * self.width]
        return (x @ a.transpose(1, 2)) @ b.transpose(1, 2)


def rms(x: Tensor, weight: Tensor) -> Tensor:
    """Root-mean-square norm over the last axis."""
    return x * torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + 1e-6).to(x.dtype) * weight.to(x.dtype)


def sinusoid(value: Tensor, width: int, scale: float) -> Tensor:
    """Sines and cosines of ``value`` [B] at geometric frequencies: [B, width]."""
    half = width // 2
    frequency = torch.exp(-math.log(10_000.0) * torch.arange(half, device=value.device, dtype=torch.float32) / half)
    angle = value.float()[:, None] * scale * frequency[None]
    return torch.cat([angle.cos(), angle.sin()], 1)


def grid_position(side: int, width: int) -> Tensor:
    """Fixed position of every image token: sines of row and column, [side², width], rounded to float16 for storage."""
    place = (torch.arange(side, dtype=torch.float32) + 0.5) / side
    code = sinusoid(place, width // 2, 100.0)
    rows = code[:, None].expand(side, side, -1)
    columns = code[None].expand(side, side, -1)
    return torch.cat([rows, columns], 2).reshape(side * side, width).half().float()


def rotation(side: int, text: int, width: int) -> tuple[Tensor, Tensor]:
    """Cosine and sine tables [text + side², width] of one head: text stays, image tokens turn by row and column."""
    quarter = width // 4
    frequency = 100.0 ** (-torch.arange(quarter, dtype=torch.float32) / quarter)
    place = torch.arange(side, dtype=torch.float32) * (16 / side)
    angle = place[:, None] * frequency[None]
    rows = angle[:, None].expand(side, side, -1).reshape(side * side, -1)
    columns = angle[None].expand(side, side, -1).reshape(side * side, -1)
    image = torch.cat([rows, columns], 1)
    angle = torch.cat([torch.zeros(text, 2 * quarter), image])
    angle = torch.cat([angle, angle], 1)
    return angle.cos().half().float(), angle.sin().half().float()


class Block(nn.Module):
    """Attention and MLP over the joint sequence, modulated, with room for LoRA."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.width, self.heads = width, heads
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.q_scale = nn.Parameter(torch.ones(width // heads))
        self.k_scale = nn.Parameter(torch.ones(width // heads))
        self.table = nn.Parameter(torch.randn(6, width) * 0.02)

    def forward(
        self, x: Tensor, modulation: Tensor, turn: tuple[Tensor, Tensor], layer: int = 0, lora: LoraRows | None = None
    ) -> Tensor:
        """x [B, T, w], modulation [B, 6, w] → [B, T, w]."""
        table = (modulation + self.table).to(x.dtype)
        shift1, scale1, gate1, shift2, scale2, gate2 = (table[:, i : i + 1] for i in range(6))
        y = F.layer_norm(x, (self.width,)).to(x.dtype) * (1 + scale1) + shift1
        x = x + gate1 * self._attend(y, turn, layer, lora)
        y = F.layer_norm(x, (self.width,)).to(x.dtype) * (1 + scale2) + shift2
        up = self._linear(self.up, "up", y, layer, lora)
        return x + gate2 * self._linear(self.down, "down", F.gelu(up, approximate="tanh"), layer, lora)

    def _linear(self, module: nn.Linear, target: str, x: Tensor, layer: int, lora: LoraRows | None) -> Tensor:
        y = module(x)
        return y if lora is None else y + lora.add(layer, target, x)

    def _attend(self, x: Tensor, turn: tuple[Tensor, Tensor], layer: int, lora: LoraRows | None) -> Tensor:
        batch, tokens, _ = x.shape
        qkv = self._linear(self.qkv, "qkv", x, layer, lora)
        q, k, v = (
            part.view(batch, tokens, self.heads, self.width // self.heads).transpose(1, 2) for part in qkv.chunk(3, -1)
        )
        q, k = _turn(rms(q, self.q_scale), turn), _turn(rms(k, self.k_scale), turn)
        y = F.scaled_dot_product_attention(q, k, v)
        y = y.transpose(1, 2).reshape(batch, tokens, self.width)
        return self._linear(self.out, "out", y, layer, lora)


def _turn(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """Rotate pairs (i, i + half) of the last axis."""
    first, second = x.chunk(2, -1)
    cosine, sine = turn
    return x * cosine.to(x.dtype) + torch.cat([-second, first], -1) * sine.to(x.dtype)


class TextEncoder(nn.Module):
    """Token ids [B, T] → text tokens [B, T, width] of the denoiser. Padding is a token like any other."""

    def __init__(self, config: Config, vocabulary: int) -> None:
        super().__init__()
        w = self.width = config.text_width
        self.embed = nn.Embedding(vocabulary, w)
        self.position = nn.Parameter(torch.randn(config.text_tokens, w) * 0.02)
        self.blocks = nn.ModuleList(_TextBlock(w, max(1, w // 64)) for _ in range(config.text_layers))
        self.project = nn.Linear(w, config.width)
        nn.init.normal_(self.embed.weight, std=0.5)

    def forward(self, ids: Tensor) -> Tensor:
        x = self.embed(ids) + self.position
        for block in self.blocks:
            x = block(x)
        return self.project(F.layer_norm(x, (self.width,)))


class _TextBlock(nn.Module):
    """A plain pre-norm transformer layer, attending both ways."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.width, self.heads = width, heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        batch, tokens, _ = x.shape
        qkv = self.qkv(self.norm1(x))
        q, k, v = (
            part.view(batch, tokens, self.heads, self.width // self.heads).transpose(1, 2) for part in qkv.chunk(3, -1)
        )
        y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, tokens, self.width)
        x = x + self.out(y)
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Denoiser(nn.Module):
    """Latents at time t → velocity (noise minus picture)."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        w = config.width
        self.config = config
        self.embed = nn.Linear(config.latent_channels, w)
        self.time = nn.Sequential(nn.Linear(w, w), nn.SiLU(), nn.Linear(w, w))
        self.guide = nn.Sequential(nn.Linear(w, w), nn.SiLU(), nn.Linear(w, w))
        self.pool = nn.Linear(w, w)
        self.modulate = nn.Linear(w, 6 * w)
        self.blocks = nn.ModuleList(Block(w, config.heads) for _ in range(config.depth))
        self.final_table = nn.Parameter(torch.zeros(2, w))
        self.final_scale = nn.Linear(w, 2 * w)
        self.final = nn.Linear(w, config.latent_channels)
        self.register_buffer("position", grid_position(config.latent, w), persistent=False)
        cosine, sine = rotation(config.latent, config.text_tokens, w // config.heads)
        self.register_buffer("cosine", cosine, persistent=False)
        self.register_buffer("sine", sine, persistent=False)
        for layer in (self.modulate, self.final_scale, self.final, self.guide[2]):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(
        self, latent: Tensor, time: Tensor, guidance: Tensor, text: Tensor, lora: LoraRows | None = None
    ) -> Tensor:
        """latent [B, C, s, s], time [B] in 0 (picture) … 1 (noise), guidance [B] ≥ 1, text [B, T, w] → [B, C, s, s]."""
        batch, channels, side, _ = latent.shape
        x = self.embed(latent.flatten(2).transpose(1, 2))
        x = x + self.position.to(x.dtype)
        # Guidance 1 means none: its embedding is subtracted so that it changes nothing.
        w = self.config.width
        level = self.guide(sinusoid(guidance.log(), w, 250.0)) - self.guide(
            sinusoid(torch.zeros_like(guidance), w, 250.0)
        )
        condition = F.silu(self.time(sinusoid(time, w, 1000.0)) + level + self.pool(text.mean(1)))
        modulation = self.modulate(condition).view(batch, 6, w)
        sequence = torch.cat([text.to(x.dtype), x], 1)
        turn = (self.cosine, self.sine)
        for number, block in enumerate(self.blocks):
            # Without adapters the layer's number is left out, so that one compiled block serves all layers.
            extra = () if lora is None else (number, lora)
            sequence = block(sequence, modulation, turn, *extra)
        last = self.final_scale(condition).view(batch, 2, w) + self.final_table
        shift, scale = last[:, :1], last[:, 1:]
        y = sequence[:, text.shape[1] :]
        y = self.final(F.layer_norm(y, (w,)) * (1 + scale) + shift)
        return y.transpose(1, 2).reshape(batch, channels, side, side)
