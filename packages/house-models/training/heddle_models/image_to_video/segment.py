"""Training of the segmenter: scenes as they are and with the object moved out of sight, and where these differ."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..scenes import render, sample
from ..scenes.motion import Motion
from ..text_to_image import checkpoint
from ..text_to_image.probe import augment
from .mover import Segmenter

NAME = "segmenter"
_AWAY = 5.0  # picture sides: out of sight


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of ``segment``."""
    parser.add_argument("--out", type=Path, default=Path("runs/image-to-video"))
    parser.add_argument("--scenes", type=int, default=1_200)
    parser.add_argument("--epochs", type=int, default=16)


def run(options: argparse.Namespace) -> None:
    """Train the segmenter and leave its checkpoint."""
    torch.manual_seed(6)
    pictures, masks = object_masks(options.scenes, np.random.default_rng(77))
    segmenter = train_segmenter(pictures, masks, options.epochs)
    seen, wanted = object_masks(120, np.random.default_rng(78))
    overlap = intersection_over_union(segmenter, seen, wanted)
    checkpoint.save(options.out, NAME, segmenter.state_dict(), {"overlap": overlap})
    print(f"intersection over union on scenes it never saw: {overlap:.3f}")


@torch.no_grad()
def object_masks(count: int, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Pictures [N, 3, 128, 128] in 0–1 of scenes with an object, and its share of each 4 × 4 block [N, 2, 32, 32].

    The first mask is of the object alone, the second of the object with the ground that goes with it.
    """
    scenes = sample(count, rng)
    scenes = scenes.take(scenes.object >= 0)
    pictures, masks = [], []
    for first in range(0, len(scenes), 100):
        rows = slice(first, first + 100)
        part = scenes.take(rows)
        picture = render(part)
        away = Motion.none(len(part)), Motion.none(len(part))
        away[0].lift[:] = _AWAY
        away[1].drift[:] = _AWAY
        differs = [(picture - render(part, motion=motion)).abs().amax(1) > 0.04 for motion in away]
        pictures.append(picture)
        masks.append(F.avg_pool2d(torch.stack(differs, 1).float(), 4))
    return torch.cat(pictures), torch.cat(masks)


def train_segmenter(pictures: Tensor, masks: Tensor, epochs: int, batch: int = 16) -> Segmenter:
    """Cross-entropy per block on lightly disturbed and mirrored renders; frozen."""
    segmenter, rate = Segmenter(), 2e-3
    optimiser = torch.optim.AdamW(segmenter.parameters(), lr=rate, weight_decay=0.01)
    rounds = len(masks) // batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=epochs * rounds)
    for _ in range(epochs):
        for index in torch.randperm(len(masks)).split(batch)[:rounds]:
            picture, mask = augment(pictures[index]), masks[index]
            if torch.rand(()) < 0.5:
                picture, mask = picture.flip(3), mask.flip(3)
            loss = F.binary_cross_entropy_with_logits(segmenter(picture), mask)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
    return segmenter.eval().requires_grad_(False)


@torch.no_grad()
def intersection_over_union(segmenter: Segmenter, pictures: Tensor, masks: Tensor) -> float:
    """Of the blocks that are more than half object, over all pictures together."""
    found = torch.cat([segmenter(part) for part in pictures.split(20)]) > 0
    wanted = masks > 0.5
    return float((found & wanted).sum() / (found | wanted).sum())


def load_segmenter(folder: Path) -> Segmenter:
    """The segmenter that training left in ``folder``, frozen."""
    weights, _ = checkpoint.load(folder, NAME)
    segmenter = Segmenter()
    segmenter.load_state_dict(weights)
    return segmenter.eval().requires_grad_(False)
