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
from ..text_to_image.export import EncoderPart
from ..text_to_image.onnx_weights import load_parts
from .mover import Mover
from .network import VideoConfig
from .segment import load_segmenter

SHARD = 25
"""Clips in a shard."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of ``clips``."""
    parser.add_argument("--onnx", type=Path, required=True, help="folder with the text-to-image parts")
    parser.add_argument("--run", type=Path, default=Path("runs/image-to-video"), help="where the segmenter is")
    parser.add_argument("--out", type=Path, default=Path("runs/image-to-video/clips"))
    parser.add_argument("--clips", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=31)


def run(options: argparse.Namespace) -> None:
    """Render and encode clips shard by shard; shards that are there are kept."""
    autoencoder = load_parts(options.onnx)[1]
    mover = Mover(VideoConfig(), load_segmenter(options.run), EncoderPart(autoencoder)).eval()
    start = time.monotonic()
    for number in range(options.clips // SHARD):
        file = options.out / f"clips-{options.seed}-{number:04}.safetensors"
        if file.exists():
            continue
        latents, guides, words = make_clips(mover, SHARD, np.random.default_rng((options.seed, number)))
        options.out.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial")
        save_file({"latents": latents.half(), "guides": guides.half(), "words": words}, partial)
        partial.rename(file)
        print(f"{(number + 1) * SHARD} clips, {time.monotonic() - start:.0f} s", flush=True)


@torch.no_grad()
def make_clips(mover: Mover, count: int, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Latents and the mover's guides, both [count, FRAMES, C, s, s], and motion words int64 [count] of random clips."""
    scenes, drawn = sample_clips(count, rng)
    frames, motion = unfold(scenes, drawn)
    pictures, words = render(frames, motion=motion), torch.from_numpy(drawn)
    latents = torch.cat([mover.encoder(part) for part in pictures.split(FRAMES)]).unflatten(0, (count, FRAMES))
    return latents, guides_of(mover, pictures[::FRAMES], words), words


@torch.no_grad()
def guides_of(mover: Mover, pictures: Tensor, words: Tensor) -> Tensor:
    """What the mover makes of pictures [N, 3, S, S] in 0–1, one after the other; [N, FRAMES, C, s, s]."""
    return torch.cat([mover(pictures[i : i + 1], words[i : i + 1]) for i in range(len(words))])


class ClipPool:
    """All clips of a folder in memory; ``refresh`` takes in shards that have come since."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: set[Path] = set()
        self.latents = torch.empty(0)
        self.guides = torch.empty(0)
        self.words = torch.empty(0, dtype=torch.long)

    def refresh(self) -> int:
        """How many clips there are now."""
        for file in sorted(set(self._folder.glob("clips-*.safetensors")) - self._known):
            shard = load_file(file)
            self._known.add(file)
            first = len(self.words) == 0
            self.latents = shard["latents"] if first else torch.cat([self.latents, shard["latents"]])
            self.guides = shard["guides"] if first else torch.cat([self.guides, shard["guides"]])
            self.words = torch.cat([self.words, shard["words"]])
        return len(self.words)

    def batch(self, count: int) -> tuple[Tensor, Tensor, Tensor]:
        """Random clips and their guides, float32 [count, FRAMES, C, s, s], with their words [count]."""
        index = torch.randint(len(self.words), (count,))
        return self.latents[index].float(), self.guides[index].float(), self.words[index]
