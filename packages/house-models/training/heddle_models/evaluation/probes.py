"""Two small classifiers of renders: which look a picture has, and which motion a clip shows.

Like the attribute probe they judge generators, so they never see a generated picture.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..scenes import render, sample
from ..scenes.attributes import STYLES
from ..scenes.looks import LOOKS
from ..scenes.motion import FRAMES, MOTIONS, sample_clips, unfold
from ..text_to_image.probe import augment

LOOK_NAMES = (*STYLES, *LOOKS)
SEEN = (0, 3, 6, 9, 12, 15)
"""The frames of a clip that the motion probe looks at."""


class _Tower(nn.Module):
    """Strided convolutions, then one linear layer over a map of ``side`` × ``side``."""

    def __init__(self, channels: int, widths: tuple[int, ...], classes: int, side: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in itertools.pairwise((channels, *widths)):
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        self.layers = nn.Sequential(*layers)
        self.side = side
        self.head = nn.Linear(side * side * widths[-1], classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(F.adaptive_avg_pool2d(self.layers(x), self.side).flatten(1))


class LookProbe(nn.Module):
    """Pictures [B, 3, 128, 128] in 0–1 → logits over LOOK_NAMES."""

    def __init__(self) -> None:
        super().__init__()
        self.tower = _Tower(3, (24, 40, 64, 80), len(LOOK_NAMES), 1)

    def forward(self, picture: Tensor) -> Tensor:
        return self.tower(picture * 2 - 1)


class MotionProbe(nn.Module):
    """Frames SEEN of a clip, [B, 6, 3, 128, 128] in 0–1 → logits over MOTIONS.

    It looks at grey frames of 64 × 64 and at what changed since the first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tower = _Tower(len(SEEN), (24, 32, 48, 64), len(MOTIONS), 2)

    def forward(self, clip: Tensor) -> Tensor:
        return self.judge(small_and_grey(clip))

    def judge(self, grey: Tensor) -> Tensor:
        """The same from grey frames [B, 6, 64, 64]."""
        return self.tower(torch.cat([grey[:, :1] - 0.5, (grey[:, 1:] - grey[:, :1]) * 2], 1))


def small_and_grey(clip: Tensor) -> Tensor:
    """[B, F, 3, 128, 128] → [B, F, 64, 64]."""
    batch, frames = clip.shape[:2]
    return F.avg_pool2d(clip.mean(2).view(batch, frames, 128, 128), 2)


@torch.no_grad()
def look_renders(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Renders in every look, ``count`` of each: pictures in 0–1 and their look."""
    pictures, labels = [], []
    rng = np.random.default_rng(seed)
    for number, name in enumerate(LOOK_NAMES):
        scenes = sample(count, rng, held_out=True)
        style, painter = LOOKS.get(name, (name, None))
        scenes.style[:] = STYLES.index(style)
        pictures.append(render(scenes, canvases=None if painter is None else {style: painter}))
        labels += [number] * count
    return torch.cat(pictures), torch.tensor(labels)


@torch.no_grad()
def clip_renders(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Clips of random scenes: frames SEEN in 0–1 and their motion."""
    scenes, words = sample_clips(count, np.random.default_rng(seed), held_out=True)
    frames, motion = unfold(scenes, words)
    rows = (np.arange(count)[:, None] * FRAMES + np.array(SEEN)[None]).ravel()
    pictures = render(frames.take(rows), motion=motion.take(rows))
    return pictures.view(count, len(SEEN), 3, 128, 128), torch.from_numpy(words)


def train_look_probe(pictures: Tensor, looks: Tensor) -> LookProbe:
    """From renders."""
    probe = LookProbe()
    _train(probe, probe, augment, pictures, looks, epochs=25)
    return probe


def train_motion_probe(clips: Tensor, words: Tensor) -> MotionProbe:
    """From frames SEEN of renders."""
    probe = MotionProbe()
    _train(probe, probe.judge, _blur_and_grain, small_and_grey(clips), words, epochs=40)
    return probe


def _train(
    probe: nn.Module,
    judge: Callable[[Tensor], Tensor],
    disturb: Callable[[Tensor], Tensor],
    inputs: Tensor,
    labels: Tensor,
    *,
    epochs: int,
    batch: int = 32,
    rate: float = 3e-3,
) -> None:
    """Cross-entropy on lightly disturbed renders."""
    optimiser = torch.optim.AdamW(probe.parameters(), lr=rate, weight_decay=0.02)
    steps = epochs * (len(labels) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    for _ in range(epochs):
        for index in torch.randperm(len(labels)).split(batch)[: len(labels) // batch]:
            loss = F.cross_entropy(judge(disturb(inputs[index])), labels[index])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
    probe.eval().requires_grad_(False)


def _blur_and_grain(clips: Tensor) -> Tensor:
    """Slight softness, brightness and noise, so that the probe does not live on rendering artefacts."""
    gain = 1 + 0.06 * torch.randn(len(clips), 1, 1, 1)
    soft = F.avg_pool2d(F.pad(clips, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    share = torch.rand(len(clips), 1, 1, 1) * 0.8
    noise = 0.03 * torch.rand(len(clips), 1, 1, 1) * torch.randn_like(clips)
    return torch.lerp(clips, soft, share) * gain + noise


def accuracy(probe: nn.Module, inputs: Tensor, labels: Tensor) -> float:
    """Share of inputs that the probe reads right."""
    found = torch.cat([probe(part).argmax(1) for part in inputs.split(50)])
    return float((found == labels).float().mean())
