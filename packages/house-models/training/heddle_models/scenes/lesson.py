"""Pictures to learn from: the training set of the example ``train-lora``, in a look that no built-in adapter has."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ..scenes import render, sample
from . import palette
from .attributes import STYLES
from .canvas import Flat
from .captions import caption

_SEED = 31


class Duotone(Flat):
    """Two colours and the paper: the light of a flat illustration from plum over coral to cream, in seven tones."""

    tones = tuple(palette.rgb(c) for c in ("#33123f", "#e8564f", "#fff1d0"))

    def finish(self) -> Tensor:
        weight = palette.constant((0.35, 0.5, 0.15), self.rgb.device).view(1, 3, 1, 1)
        light = ((self.rgb * weight).sum(1, keepdim=True) * 1.15).clamp(0, 1)
        light = torch.round(light * 6) / 6
        dark, middle, paper = (palette.constant(t, self.rgb.device).view(1, 3, 1, 1) for t in self.tones)
        low = dark + (middle - dark) * (light * 2).clamp(0, 1)
        return low + (paper - middle) * (light * 2 - 1).clamp(0, 1)


def draw_lesson(folder: Path, count: int = 8) -> list[str]:
    """Write ``lesson-1.png`` and so on; returns what each shows, without its style."""
    scenes = sample(count, np.random.default_rng(_SEED))
    scenes.style[:] = STYLES.index("flat")
    pictures = render(scenes, size=128, canvases={"flat": Duotone})
    dice = random.Random(_SEED)
    for row, picture in enumerate(pictures):
        pixels = (picture.permute(1, 2, 0) * 255).round().byte().numpy()
        Image.fromarray(pixels).quantize(64, dither=Image.Dither.NONE).save(
            folder / f"lesson-{row + 1}.png", optimize=True
        )
    return [caption(scenes, row, dice, full=True, styled=False) for row in range(count)]
