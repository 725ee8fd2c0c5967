"""The mover: a picture and a motion word → the picture moved, frame by frame, as latents.

It does what a rostrum camera does: it pans and zooms over the picture, or lifts out the object, which a small network
finds, and slides it over what is left. Where that leaves holes it fills them roughly. Its frames guide the denoiser,
which draws what moving a picture cannot: what comes into view, waves, snow, and the paper that stays still.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..scenes.motion import MOTIONS, camera_of, layer_of
from .network import VideoConfig

_FILL = (5, 63)
"""Height and width in pixels of the neighbourhood that fills the hole of an object: wide, as landscapes are."""


class Segmenter(nn.Module):
    """Pictures [B, 3, S, S] in 0–1 → logits [B, 2, S/4, S/4]: the main object; it and its ground."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, width // 2, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(width // 2, width, 4, stride=2, padding=1),
            nn.ReLU(),
        )
        self.wide = nn.ModuleList(nn.Conv2d(width, width, 3, padding=d, dilation=d) for d in (1, 2, 4, 8, 4, 1))
        self.norms = nn.ModuleList(nn.GroupNorm(4, width) for _ in self.wide)
        self.head = nn.Conv2d(width, 2, 1)

    def forward(self, picture: Tensor) -> Tensor:
        x = self.stem(picture * 2 - 1)
        for conv, norm in zip(self.wide, self.norms, strict=True):
            x = x + F.relu(norm(conv(x)))
        return self.head(x)


class Mover(nn.Module):
    """picture [B, 3, S, S] in 0–1, motion int64 [B] → guide [B, F, C, s, s]: latents of the moved picture.

    ``encoder`` turns pictures in 0–1 into latents.
    """

    def __init__(self, config: VideoConfig, segmenter: Segmenter, encoder: nn.Module) -> None:
        super().__init__()
        self.config, self.segmenter, self.encoder = config, segmenter, encoder
        share = torch.linspace(0, 1, config.frames)
        camera = torch.tensor([camera_of(word) for word in MOTIONS])
        self.register_buffer("pan", camera[:, :1] * share, persistent=False)
        self.register_buffer("zoom", camera[:, 1:] ** share, persistent=False)
        layer = torch.tensor([layer_of(word) for word in MOTIONS])
        self.register_buffer("layer", layer[:, None] * share[None, :, None], persistent=False)
        self.register_buffer("takes", torch.stack([layer[:, 1] != 0, layer[:, 0] != 0], 1).float(), persistent=False)
        axis = (torch.arange(config.image, dtype=torch.float32) + 0.5) * (2.0 / config.image) - 1
        y, x = torch.meshgrid(axis, axis, indexing="ij")
        self.register_buffer("rest", torch.stack([x, y], -1), persistent=False)

    def forward(self, picture: Tensor, motion: Tensor) -> Tensor:
        frames = self.frames(picture, motion)
        latents = self.encoder(frames.flatten(0, 1))
        return latents.reshape(-1, self.config.frames, *latents.shape[1:])

    def frames(self, picture: Tensor, motion: Tensor) -> Tensor:
        """The moved pictures, [B, F, 3, S, S] in 0–1."""
        size = picture.shape[-1]
        # What rises leaves its ground behind; what drifts takes it along.
        logits = (self.segmenter(picture) * self.takes[motion][:, :, None, None]).sum(1, keepdim=True)
        lifts = self.takes[motion].sum(1)[:, None, None, None]
        mask = torch.sigmoid(F.interpolate(logits, size=(size, size), mode="bilinear") * 2) * lifts
        ground = torch.lerp(picture, _filled(picture, mask), mask)
        pan, zoom = self.pan[motion][..., None, None], self.zoom[motion][..., None, None]
        where = self.rest / zoom[..., None]
        where = torch.cat([where[..., :1] + 2 * pan[..., None], where[..., 1:].expand_as(where[..., :1])], -1)
        ground = self._sample(ground, where, "reflection")
        where = self.rest - 2 * self.layer[motion][:, :, None, None]
        cut = self._sample(torch.cat([picture, mask], 1), where, "zeros")
        moved = torch.lerp(ground, cut[:, :, :3], cut[:, :, 3:])
        return torch.cat([picture[:, None], moved[:, 1:]], 1)

    def _sample(self, picture: Tensor, where: Tensor, padding: str) -> Tensor:
        """[B, C, S, S] at places [B, F, S, S, 2] → [B, F, C, S, S]."""
        repeated = picture[:, None].expand(-1, self.config.frames, -1, -1, -1).flatten(0, 1)
        found = F.grid_sample(repeated, where.flatten(0, 1), padding_mode=padding, align_corners=False)
        return found.reshape(-1, self.config.frames, *found.shape[1:])


def _filled(picture: Tensor, mask: Tensor) -> Tensor:
    """What surrounds each pixel outside of the mask, averaged."""
    kept = 1 - mask
    pad = (_FILL[0] // 2, _FILL[1] // 2)
    total = F.avg_pool2d(picture * kept, _FILL, stride=1, padding=pad)
    return total / (F.avg_pool2d(kept, _FILL, stride=1, padding=pad) + 1e-4)
