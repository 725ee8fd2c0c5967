"""Pools of rendered scenes and tokenised captions, made on the fly and kept in (device) memory."""

from __future__ import annotations

import random
import time
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
import torch
from torch import Tensor

from ..scenes import Scenes, render, sample
from ..scenes.captions import caption
from .tokenizer import Tokenizer

_FILLERS = (
    "beautiful",
    "lovely",
    "cute",
    "cozy",
    "quiet",
    "calm",
    "peaceful",
    "dramatic",
    "old",
    "lonely",
    "very pretty",
    "high quality",
    "detailed",
    "simple",
    "stylish",
    "wonderful",
    "the",
    "some",
    "picture of",
    "there is",
    "view of",
)


@dataclass
class Pool:
    """Pictures uint8 [N, 3, S, S] on the device and the scenes they show."""

    pictures: Tensor
    scenes: Scenes

    def batch(self, index: Tensor) -> Tensor:
        """Pictures in -1…1, [n, 3, S, S]."""
        return self.pictures[index].float() / 127.5 - 1.0


def render_pool(
    count: int,
    *,
    seed: int,
    size: int,
    device: torch.device,
    seconds: float,
    plain: bool = False,
    held_out: bool = False,
) -> Pool:
    """Render up to ``count`` scenes, fewer if ``seconds`` run out first."""
    rng = np.random.default_rng(seed)
    chunk = min(count, 4096 if device.type == "cuda" else 256)
    pictures = torch.empty(count, 3, size, size, dtype=torch.uint8, device=device)
    parts, done, start = [], 0, time.monotonic()
    while done < count and (done == 0 or time.monotonic() - start < seconds):
        scenes = sample(min(chunk, count - done), rng, plain=plain, held_out=held_out)
        picture = render(scenes, size=size, device=device)
        pictures[done : done + len(scenes)] = (picture * 255).round().byte()
        parts.append(scenes)
        done += len(scenes)
    return Pool(pictures[:done], Scenes.join(parts))


def token_rows(scenes: Scenes, seed: int, variants: int, length: int) -> np.ndarray:
    """Several tokenised captions per scene, some with filler words or a typing mistake: int16 [N, variants, length]."""
    tokenizer, dice = Tokenizer(length=length), random.Random(seed)
    rows = np.zeros((len(scenes), variants, length), dtype=np.int16)
    for row in range(len(scenes)):
        for variant in range(variants):
            text = caption(scenes, row, dice, full=dice.random() < 0.25)
            rows[row, variant] = tokenizer(_disturb(text, dice))
    return rows


def _disturb(text: str, dice: random.Random) -> str:
    """People add words that mean nothing to a renderer, and misspell others."""
    chance = dice.random()
    if chance < 0.18:
        words = text.split(" ")
        for _ in range(dice.randint(1, 2)):
            words.insert(dice.randint(0, len(words)), dice.choice(_FILLERS))
        return " ".join(words)
    if chance < 0.23:
        at = dice.randrange(1, max(2, len(text) - 1))
        swapped = text[at : at + 2][::-1] if dice.random() < 0.5 else ""
        return text[:at] + swapped + text[at + (2 if swapped else 1) :]
    return text


class CaptionWorkers:
    """Writes captions in other processes while the device trains something else."""

    def __init__(self, workers: int) -> None:
        self._executor = ProcessPoolExecutor(workers, mp_context=get_context("spawn")) if workers else None
        self._pending: list[Future | np.ndarray] = []

    def start(self, scenes: Scenes, *, seed: int, variants: int, length: int, chunk: int = 8192) -> None:
        """Begin writing captions for ``scenes``."""
        for first in range(0, len(scenes), chunk):
            job = (scenes.take(slice(first, first + chunk)), seed + first, variants, length)
            self._pending.append(self._executor.submit(token_rows, *job) if self._executor else token_rows(*job))

    def result(self) -> np.ndarray:
        """Wait for all captions, int16 [N, variants, length]."""
        parts = [job if isinstance(job, np.ndarray) else job.result() for job in self._pending]
        if self._executor:
            self._executor.shutdown()
        return np.concatenate(parts)
