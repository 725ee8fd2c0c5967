"""The video denoiser: a rectified-flow transformer over sixteen frames of latents that continue a picture.

Tokens are patches of 2 × 2 latent cells. Every block attends within a frame, then along time at one place, as in
factorised video transformers (Arnab et al., 2021; Ma et al., 2024). Each frame's modulation knows the time of the
diffusion, the motion word and how far the clip is. The network does not draw the frames from nothing: it adds to the
frames of the mover (``mover.py``), as latent flow diffusion does to a bent picture (Ni et al., 2023).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..text_to_image.transformer import _turn, rms, rotation, sinusoid

PATCH = 2


@dataclass(frozen=True)
class VideoConfig:
    """Shapes: ``latent`` is the side of the latent grid, ``latent_channels`` its depth."""

    image: int = 128
    frames: int = 16
    latent_channels: int = 16
    motions: int = 8
    width: int = 192
    depth: int = 6
    heads: int = 3

    @property
    def latent(self) -> int:
        """Side of the latent grid."""
        return self.image // 8

    @property
    def grid(self) -> int:
        """Side of the grid of patches."""
        return self.latent // PATCH

    def to_dict(self) -> dict:
        """Plain values for a manifest or checkpoint header."""
        return asdict(self)


TINY = VideoConfig(image=32, frames=5, latent_channels=4, width=32, depth=2, heads=2)


class Attention(nn.Module):
    """Attention with normalised, rotated queries and keys over the second-to-last axis."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width)
        self.q_scale = nn.Parameter(torch.ones(width // heads))
        self.k_scale = nn.Parameter(torch.ones(width // heads))

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
        """x [N, T, w], turn: cosine and sine tables [T, w / heads] → [N, T, w]."""
        batch, tokens, width = x.shape
        q, k, v = (
            part.view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)
            for part in self.qkv(x).chunk(3, -1)
        )
        q, k = _turn(rms(q, self.q_scale), turn), _turn(rms(k, self.k_scale), turn)
        y = F.scaled_dot_product_attention(q, k, v)
        return self.out(y.transpose(1, 2).reshape(batch, tokens, width))


class VideoBlock(nn.Module):
    """Attention in space, attention in time, MLP; each modulated per frame."""

    def __init__(self, config: VideoConfig) -> None:
        super().__init__()
        w = self.width = config.width
        self.space, self.time = Attention(w, config.heads), Attention(w, config.heads)
        self.up, self.down = nn.Linear(w, 4 * w), nn.Linear(4 * w, w)
        self.table = nn.Parameter(torch.randn(9, w) * 0.02)

    def forward(
        self, x: Tensor, modulation: Tensor, space: tuple[Tensor, Tensor], time: tuple[Tensor, Tensor]
    ) -> Tensor:
        """x [B, F, P, w], modulation [B, F, 9, w] → [B, F, P, w]."""
        batch, frames, places, width = x.shape
        table = (modulation + self.table)[:, :, :, None]
        y = self._modulated(x, table, 0).reshape(batch * frames, places, width)
        x = x + table[:, :, 2] * self.space(y, space).view(batch, frames, places, width)
        y = self._modulated(x, table, 3).transpose(1, 2).reshape(batch * places, frames, width)
        y = self.time(y, time).view(batch, places, frames, width).transpose(1, 2)
        x = x + table[:, :, 5] * y
        y = self._modulated(x, table, 6)
        return x + table[:, :, 8] * self.down(F.gelu(self.up(y), approximate="tanh"))

    def _modulated(self, x: Tensor, table: Tensor, first: int) -> Tensor:
        return F.layer_norm(x, (self.width,)) * (1 + table[:, :, first + 1]) + table[:, :, first]


class VideoDenoiser(nn.Module):
    """Noisy latents of a clip, its first picture and a motion word → velocity (noise minus clip)."""

    def __init__(self, config: VideoConfig) -> None:
        super().__init__()
        w, patch = config.width, PATCH * PATCH * config.latent_channels
        self.config = config
        self.embed = nn.Linear(3 * patch, w)
        self.place = nn.Parameter(torch.randn(config.grid**2, w) * 0.02)
        self.frame = nn.Parameter(torch.randn(config.frames, w) * 0.02)
        self.motion = nn.Embedding(config.motions, w)
        self.course = nn.Embedding(config.motions, w)
        self.time = nn.Sequential(nn.Linear(w, w), nn.SiLU(), nn.Linear(w, w))
        self.modulate = nn.Linear(w, 9 * w)
        self.blocks = nn.ModuleList(VideoBlock(config) for _ in range(config.depth))
        self.final_scale = nn.Linear(w, 2 * w)
        self.fresh = nn.Linear(w, patch)
        cosine, sine = rotation(config.grid, 0, w // config.heads)
        self.register_buffer("space_cosine", cosine, persistent=False)
        self.register_buffer("space_sine", sine, persistent=False)
        cosine, sine = _line(config.frames, w // config.heads)
        self.register_buffer("time_cosine", cosine, persistent=False)
        self.register_buffer("time_sine", sine, persistent=False)
        self.register_buffer("share", torch.linspace(0, 1, config.frames), persistent=False)
        for table in (self.motion, self.course):
            nn.init.normal_(table.weight, std=0.5)
        for layer in (self.modulate, self.final_scale, self.fresh):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, latent: Tensor, timestep: Tensor, guide: Tensor, motion: Tensor) -> Tensor:
        """latent [B, F, C, s, s], timestep [B] in 0 (clip) … 1 (noise), guide like latent, motion int64 [B]."""
        clip = self.predict(latent, timestep, guide, guide[:, 0], motion)
        return (latent - clip) / timestep[:, None, None, None, None]

    def predict(
        self,
        latent: Tensor,
        timestep: Tensor,
        guide: Tensor,
        first: Tensor,
        motion: Tensor,
        shown: Tensor | None = None,
    ) -> Tensor:
        """The clip itself, as the network guesses it from its noisy latents, [B, F, C, s, s].

        ``first`` [B, C, s, s] is the picture. ``shown`` int64 [F] names the frames that ``latent`` and ``guide`` hold;
        all of them where it is left out.
        """
        config, batch = self.config, latent.shape[0]
        shown = torch.arange(config.frames, device=motion.device) if shown is None else shown
        frames, w, number = len(shown), config.width, self.frame[shown]
        seen = torch.cat([_patches(latent), _patches(guide), _patches(first[:, None]).expand(-1, frames, -1, -1)], -1)
        x = self.embed(seen) + self.place + number[:, None]
        share = self.share[shown][:, None]
        condition = self.time(sinusoid(timestep, w, 1000.0)) + self.motion(motion)
        condition = F.silu(condition[:, None] + self.course(motion)[:, None] * share + number)
        modulation = self.modulate(condition).view(batch, frames, 9, w)
        space, time = (self.space_cosine, self.space_sine), (self.time_cosine[shown], self.time_sine[shown])
        for block in self.blocks:
            x = block(x, modulation, space, time)
        shift, scale = self.final_scale(condition)[:, :, None].chunk(2, -1)
        y = F.layer_norm(x, (w,)) * (1 + scale) + shift
        return guide + _unpatch(self.fresh(y), config.grid)


def _patches(latent: Tensor) -> Tensor:
    """[B, F, C, s, s] → [B, F, (s/2)², 4C]."""
    batch, frames, channels, side, _ = latent.shape
    grid = side // PATCH
    x = latent.reshape(batch, frames, channels, grid, PATCH, grid, PATCH)
    return x.permute(0, 1, 3, 5, 2, 4, 6).reshape(batch, frames, grid * grid, channels * PATCH * PATCH)


def _unpatch(x: Tensor, grid: int) -> Tensor:
    """The inverse of ``_patches``."""
    batch, frames, _, wide = x.shape
    x = x.reshape(batch, frames, grid, grid, wide // PATCH**2, PATCH, PATCH)
    return x.permute(0, 1, 4, 2, 5, 3, 6).reshape(batch, frames, wide // PATCH**2, grid * PATCH, grid * PATCH)


def _line(count: int, width: int) -> tuple[Tensor, Tensor]:
    """Cosine and sine tables [count, width] that turn pairs by their place in a row."""
    frequency = 100.0 ** (-torch.arange(width // 2, dtype=torch.float32) / (width // 2))
    angle = torch.arange(count, dtype=torch.float32)[:, None] * frequency[None]
    angle = torch.cat([angle, angle], 1)
    return angle.cos().half().float(), angle.sin().half().float()
