"""Clips of moving scenes as latents, in shards on disk that one process makes while another trains."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from ..scenes import render
from ..scenes.motion import FRAMES, sample_clips, unfold
from ..text_to_image.autoencoder import Autoencoder
from ..text_to_image.onnx_weights import load_parts

SHARD = 25
"""Clips in a shard."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of ``clips``."""
    parser.add_argument("--onnx", type=Path, required=True, help="folder with the text-to-image parts")
    parser.add_argument("--out", type=Path, default=Path("runs/image-to-video/clips"))
    parser.add_argument("--clips", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=31)


def run(options: argparse.Namespace) -> None:
    """Render and encode clips shard by shard; shards that are there are kept."""
    _, autoencoder = load_parts(options.onnx)
    start = time.monotonic()
    for number in range(options.clips // SHARD):
        file = options.out / f"clips-{options.seed}-{number:04}.safetensors"
        if file.exists():
            continue
        latents, words = make_clips(autoencoder, SHARD, np.random.default_rng((options.seed, number)))
        options.out.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial")
        save_file({"latents": latents.half(), "words": words}, partial)
        partial.rename(file)
        print(f"{(number + 1) * SHARD} clips, {time.monotonic() - start:.0f} s", flush=True)


@torch.no_grad()
def make_clips(
    autoencoder: Autoencoder, count: int, rng: np.random.Generator, *, held_out: bool = False
) -> tuple[Tensor, Tensor]:
    """Latents [count, FRAMES, C, s, s] and motion words int64 [count] of random clips."""
    scenes, words = sample_clips(count, rng, held_out=held_out)
    frames, motion = unfold(scenes, words)
    pictures = render(frames, motion=motion) * 2 - 1
    latents = torch.cat([autoencoder.encode(part) for part in pictures.split(FRAMES)])
    return latents.unflatten(0, (count, FRAMES)), torch.from_numpy(words)


class ClipPool:
    """All clips of a folder in memory; ``refresh`` takes in shards that have come since."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: set[Path] = set()
        self.latents = torch.empty(0)
        self.words = torch.empty(0, dtype=torch.long)

    def refresh(self) -> int:
        """How many clips there are now."""
        for file in sorted(set(self._folder.glob("clips-*.safetensors")) - self._known):
            shard = load_file(file)
            self._known.add(file)
            self.latents = torch.cat([self.latents, shard["latents"]]) if len(self.words) else shard["latents"]
            self.words = torch.cat([self.words, shard["words"]])
        return len(self.words)

    def batch(self, count: int) -> tuple[Tensor, Tensor]:
        """Random clips as float32 [count, FRAMES, C, s, s] with their words [count]."""
        index = torch.randint(len(self.words), (count,))
        return self.latents[index].float(), self.words[index]
