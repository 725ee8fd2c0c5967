"""The files that ``npm run bench -- models`` measures with, made from renders."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ..scenes import Scenes, render
from ..scenes.captions import caption
from ..scenes.motion import FRAMES, MOTIONS, sample_clips, unfold
from ..text_to_image.evaluate import embeddings, held_out_captions, render_references, spread
from ..text_to_image.probe import HEADS, Probe

CAPTIONS, SEEDS = 16, 6
"""Captions and seeds of the diversity figure."""
UNSTYLED = 60
"""Captions that name no style, for adapters to be seen in."""


def write_captions(folder: Path, probe: Probe) -> None:
    """500 held-out captions with what they ask for; mean and covariance of the features of their renders."""
    texts, scenes = held_out_captions(500)
    wanted = {name: getattr(scenes, name).tolist() for name in HEADS}
    vectors = embeddings(probe, render_references(scenes))
    again = embeddings(probe, render_references(scenes, 1))
    several = [render_references(scenes.take(slice(CAPTIONS)), 7919 * (n + 1)) for n in range(SEEDS)]
    drawn = embeddings(probe, torch.stack(several, 1).flatten(0, 1))
    facts = {
        "captions": texts,
        "unstyled": [caption(scenes, row, random.Random(row), styled=False) for row in range(UNSTYLED)],
        "wanted": wanted,
        "renders": {"mean": _short(vectors.mean(0)), "covariance": [_short(row) for row in torch.cov(vectors.T)]},
        "rendersAgain": {"mean": _short(again.mean(0)), "covariance": [_short(row) for row in torch.cov(again.T)]},
        "diversity": {"captions": CAPTIONS, "seeds": SEEDS, "renders": spread(drawn, CAPTIONS)},
    }
    (folder / "captions.json").write_text(json.dumps(facts, ensure_ascii=False) + "\n", encoding="utf-8")


def _short(values: Tensor) -> list[float]:
    return [float(f"{value:.6g}") for value in values.tolist()]


def write_clips(folder: Path, count: int = 64) -> None:
    """Held-out scenes with a motion each: frames 0 (at rest), 5, 10 and 15 of the true clip, side by side."""
    words = np.arange(count) % len(MOTIONS)
    scenes = _fitting(words)
    frames, motion = unfold(scenes, words)
    rows = (np.arange(count)[:, None] * FRAMES + np.array((0, 5, 10, 15))[None]).ravel()
    pictures = render(frames.take(rows), motion=motion.take(rows)).view(count, 4, 3, 128, 128)
    (folder / "clips").mkdir(parents=True, exist_ok=True)
    for number, strip in enumerate(pictures):
        wide = torch.cat(list(strip), 2)
        values = (wide * 255).round().byte().permute(1, 2, 0).numpy()
        Image.fromarray(values).save(folder / "clips" / f"{number:02}-{MOTIONS[words[number]]}.webp", lossless=True)


def _fitting(words: np.ndarray) -> Scenes:
    """A scene that suits each word."""
    rng, parts = np.random.default_rng(4_096), []
    for word in words:
        while True:
            scenes, drawn = sample_clips(64, rng, held_out=True)
            hits = np.flatnonzero(drawn == word)
            if len(hits):
                parts.append(scenes.take(hits[:1]))
                break
    return Scenes.join(parts)
