"""The attribute probe: a small classifier trained on renders only, used to judge generated pictures (and, through its
early features, as a perceptual loss for the autoencoder)."""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..scenes.attributes import COLOURS, LANDSCAPES, OBJECTS, PLACES, SKIES, STYLES, TIMES

HEADS = {
    "landscape": len(LANDSCAPES),
    "time": len(TIMES),
    "sky": len(SKIES),
    "object": len(OBJECTS),
    "colour": len(COLOURS),
    "place": len(PLACES),
    "style": len(STYLES),
}


class _Block(nn.Module):
    """3×3 convolutions with a shortcut; halves the picture."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride=2, padding=1, bias=False)
        self.conv2 = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.norm1, self.norm2 = nn.BatchNorm2d(after), nn.BatchNorm2d(after)
        self.skip = nn.Conv2d(before, after, 1, stride=2, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(y + self.skip(x))


class Probe(nn.Module):
    """Pictures [B, 3, 128, 128] in -1…1 to one set of logits per attribute."""

    def __init__(self, widths: tuple[int, ...] = (24, 32, 56, 88, 104)) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, widths[0], 3, padding=1)
        self.blocks = nn.ModuleList(_Block(a, b) for a, b in itertools.pairwise(widths))
        self.map = nn.Linear(widths[-1] * 16, 128)
        self.heads = nn.ModuleDict({name: nn.Linear(128, count) for name, count in HEADS.items()})

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.stem.weight.device

    def features(self, picture: Tensor) -> list[Tensor]:
        """Maps after the stem and after each block."""
        maps = [F.relu(self.stem(picture))]
        for block in self.blocks:
            maps.append(block(maps[-1]))
        return maps

    def embed(self, picture: Tensor) -> Tensor:
        """One vector [B, 128] per picture (for distances between sets of pictures)."""
        return F.relu(self.map(F.adaptive_avg_pool2d(self.features(picture)[-1], 4).flatten(1)))

    def forward(self, picture: Tensor) -> dict[str, Tensor]:
        vector = self.embed(picture)
        return {name: head(vector) for name, head in self.heads.items()}


def augment(picture: Tensor) -> Tensor:
    """Slight noise, brightness and softness, so that the probe does not live on rendering artefacts."""
    n = len(picture)
    gain = 1 + 0.06 * torch.randn(n, 1, 1, 1, device=picture.device)
    shift = 0.04 * torch.randn(n, 3, 1, 1, device=picture.device)
    soft = F.avg_pool2d(F.pad(picture, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    share = torch.rand(n, 1, 1, 1, device=picture.device) * 0.7
    noise = 0.05 * torch.rand(n, 1, 1, 1, device=picture.device) * torch.randn_like(picture)
    return torch.lerp(picture, soft, share) * gain + shift + noise


def perceptual_loss(probe: Probe, output: Tensor, target: Tensor) -> Tensor:
    """Distance of unit-normalised early features (Zhang et al., 2018, with our own network)."""
    loss = output.new_zeros(())
    with torch.no_grad():
        wanted = probe.features(target)[:4]
    for got, want in zip(probe.features(output)[:4], wanted, strict=True):
        got = got / (got.pow(2).sum(1, keepdim=True) + 1e-4).sqrt()
        want = want / (want.pow(2).sum(1, keepdim=True) + 1e-4).sqrt()
        loss = loss + (got - want).pow(2).sum(1).mean()
    return loss
