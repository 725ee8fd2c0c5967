"""Honest figures: what the probe reads in pictures made from held-out captions, and how far they are from renders."""

from __future__ import annotations

import random
from collections.abc import Callable

import torch
from torch import Tensor

from ..scenes import Scenes, held_out_scenes, render
from ..scenes.captions import caption
from .probe import Probe
from .stages import probe_accuracy

CAPTION_SEED = 77
GOALS = {"colour": 0.90, "object": 0.90, "place": 0.80, "time": 0.95, "style": 0.90}

# Captions to pictures: (captions, seeds) → float32 [n, 3, S, S] in -1…1 on the CPU.
Painter = Callable[[list[str], list[int]], Tensor]


def held_out_captions(count: int = 500) -> tuple[list[str], Scenes]:
    """Captions of the first ``count`` held-out scenes (shuffled once), each naming every attribute but the sky."""
    scenes = held_out_scenes()
    order = list(range(len(scenes)))
    dice = random.Random(CAPTION_SEED)
    dice.shuffle(order)
    scenes = scenes.take(order[:count])
    return [caption(scenes, row, dice, full=True) for row in range(len(scenes))], scenes


def attribute_figures(paint: Painter, probe: Probe, count: int, batch: int) -> tuple[dict[str, float], Tensor]:
    """Share of held-out captions whose attributes the probe finds, per attribute and ``all`` (the five with a goal)."""
    captions, scenes = held_out_captions(count)
    pictures = torch.cat(
        [
            paint(captions[i : i + batch], list(range(1000 + i, 1000 + min(i + batch, len(captions)))))
            for i in range(0, len(captions), batch)
        ]
    )
    figures = probe_accuracy(probe, pictures, scenes)
    figures["all"] = _all_right(probe, pictures, scenes)
    return figures, pictures


@torch.no_grad()
def _all_right(probe: Probe, pictures: Tensor, scenes: Scenes) -> float:
    good = 0
    device = probe.device
    for first in range(0, len(pictures), 250):
        logits = probe(pictures[first : first + 250].to(device))
        right = torch.ones(len(pictures[first : first + 250]), dtype=torch.bool, device=device)
        for name in GOALS:
            wanted = torch.from_numpy(getattr(scenes, name)[first : first + 250]).to(device)
            right &= logits[name].argmax(1) == wanted
        good += int(right.sum())
    return good / len(pictures)


@torch.no_grad()
def embeddings(probe: Probe, pictures: Tensor) -> Tensor:
    """Probe vectors of pictures in -1…1, float64 [N, 128] on the CPU."""
    device = probe.device
    parts = [probe.embed(pictures[i : i + 250].to(device)) for i in range(0, len(pictures), 250)]
    return torch.cat(parts).double().cpu()


def frechet_distance(a: Tensor, b: Tensor) -> float:
    """Fréchet distance of two sets of vectors as Gaussians (Heusel et al., 2017, with our probe's features)."""
    mean = (a.mean(0) - b.mean(0)).pow(2).sum()
    cov_a, cov_b = torch.cov(a.T), torch.cov(b.T)
    # tr sqrt(AB) is the sum of the square roots of the eigenvalues of AB, which are real and not negative.
    root = torch.linalg.eigvals(cov_a @ cov_b).real.clamp(min=0).sqrt().sum()
    return float(mean + cov_a.trace() + cov_b.trace() - 2 * root)


def render_references(scenes: Scenes, shift: int = 0) -> Tensor:
    """Renders of the same scenes in -1…1; ``shift`` changes the seeds, that is everything the caption leaves open."""
    other = scenes.take(slice(None))
    other.seed = other.seed + shift
    return torch.cat([render(other.take(slice(i, i + 50))) for i in range(0, len(other), 50)]) * 2 - 1


def spread(vectors: Tensor, groups: int) -> float:
    """Mean distance between vectors of the same group; vectors [groups·k, d] in group order."""
    sets = vectors.view(groups, -1, vectors.shape[1])
    distances = torch.cdist(sets, sets)
    k = sets.shape[1]
    return float(distances.sum() / (groups * k * (k - 1)))


def diversity_figures(paint: Painter, probe: Probe, captions_count: int = 16, seeds: int = 6) -> dict[str, float]:
    """How different pictures of one caption are over seeds, and how different renders of it are (same measure)."""
    captions, scenes = held_out_captions(captions_count)
    made = torch.cat([paint([text] * seeds, list(range(50, 50 + seeds))) for text in captions])
    drawn = torch.stack([render_references(scenes, 7919 * (number + 1)) for number in range(seeds)], 1).flatten(0, 1)
    return {
        "made": spread(embeddings(probe, made), captions_count),
        "rendered": spread(embeddings(probe, drawn), captions_count),
    }


def psnr(output: Tensor, target: Tensor) -> float:
    """Mean peak signal-to-noise ratio in dB of pictures in -1…1."""
    error = (output.clamp(-1, 1) - target).pow(2).mean((1, 2, 3)).clamp(min=1e-10)
    return float((10 * torch.log10(4 / error)).mean())


def attribute_figures_of_renders(probe: Probe, scenes: Scenes) -> dict[str, float]:
    """What the probe reads in renders of the same scenes: the ceiling of the figures above."""
    return probe_accuracy(probe, render_references(scenes), scenes)
