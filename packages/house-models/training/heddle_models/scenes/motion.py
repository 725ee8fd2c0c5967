"""Scenes that move: what a motion word does to the camera, the object, the water and the weather, frame by frame.

A clip is one scene rendered FRAMES times with a growing displacement, so the true motion of every frame is known. The
first frame is the scene at rest: a clip continues a picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from .attributes import FLOATING, LANDSCAPES, OBJECTS, WET_LANDSCAPES, Scenes, sample

FRAMES = 16
MOTIONS = ("pan-left", "pan-right", "zoom-in", "zoom-out", "drift", "rise", "waves", "snow")

# What the last frame has moved by, in picture sides (zoom: times; waves: turns of their swing; snow: fallen height).
_REACH = {"pan": 0.26, "zoom-in": 1.36, "zoom-out": 0.76, "drift": 0.26, "rise": 0.26, "waves": 1.0, "snow": 0.75}


def camera_of(word: str) -> tuple[float, float]:
    """What a word does to the camera by the last frame: pan in picture sides to the right, and zoom."""
    pan = {"pan-left": -_REACH["pan"], "pan-right": _REACH["pan"]}.get(word, 0.0)
    return pan, _REACH[word] if word.startswith("zoom") else 1.0


def layer_of(word: str) -> tuple[float, float]:
    """How far a word moves the object by the last frame: to the right and down, in picture sides."""
    return {"drift": (_REACH["drift"], 0.0), "rise": (0.0, -_REACH["rise"])}.get(word, (0.0, 0.0))


@dataclass
class Motion:
    """Displacements of B pictures, float32 arrays [B]; all zero (zoom one) is a picture at rest.

    ``pan`` moves the camera to the right and ``zoom`` brings it closer; ``drift`` moves the object to the right and
    ``lift`` up; ``swell`` is the phase of the waves in turns; ``fall`` is how far new snow has come down.
    """

    pan: np.ndarray
    zoom: np.ndarray
    drift: np.ndarray
    lift: np.ndarray
    swell: np.ndarray
    fall: np.ndarray

    @staticmethod
    def none(count: int) -> Motion:
        """Pictures at rest."""
        zero = {f.name: np.zeros(count, np.float32) for f in fields(Motion)}
        return Motion(**{**zero, "zoom": np.ones(count, np.float32)})

    def take(self, index) -> Motion:
        """The rows at ``index``."""
        return Motion(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    def tensors(self, device: torch.device) -> dict[str, Tensor]:
        """Every displacement as [B, 1, 1]."""
        return {f.name: torch.from_numpy(getattr(self, f.name)).to(device)[:, None, None] for f in fields(self)}


def unfold(scenes: Scenes, words: np.ndarray) -> tuple[Scenes, Motion]:
    """Every scene FRAMES times, clip after clip, moving as ``words`` (indices into MOTIONS, int64 [B]) say."""
    rows = np.repeat(np.arange(len(scenes)), FRAMES)
    share = np.tile(np.arange(FRAMES, dtype=np.float32) / (FRAMES - 1), len(scenes))
    word = words[rows]

    def part(name: str, reach: float) -> np.ndarray:
        return np.where(word == MOTIONS.index(name), share * reach, 0).astype(np.float32)

    motion = Motion(
        pan=part("pan-right", _REACH["pan"]) - part("pan-left", _REACH["pan"]),
        zoom=np.exp(part("zoom-in", math.log(_REACH["zoom-in"])) + part("zoom-out", math.log(_REACH["zoom-out"]))),
        drift=part("drift", _REACH["drift"]),
        lift=part("rise", _REACH["rise"]),
        swell=part("waves", _REACH["waves"]),
        fall=part("snow", _REACH["snow"]),
    )
    return scenes.take(rows), motion


def sample_clips(count: int, rng: np.random.Generator, *, held_out: bool = False) -> tuple[Scenes, np.ndarray]:
    """Random scenes and a motion word for each that has something to move: water for waves, an object to drift."""
    words = rng.integers(0, len(MOTIONS), count)
    scenes = sample(count, rng, held_out=held_out)
    while True:
        bad = ~_suits(scenes, words)
        if not bad.any():
            return scenes, words
        fresh = sample(int(bad.sum()), rng, held_out=held_out)
        for f in fields(Scenes):
            getattr(scenes, f.name)[bad] = getattr(fresh, f.name)


def _suits(scenes: Scenes, words: np.ndarray) -> np.ndarray:
    wet = np.isin(scenes.landscape, [LANDSCAPES.index(name) for name in (*WET_LANDSCAPES, "mountains")])
    floats = np.isin(scenes.object, [OBJECTS.index(name) for name in FLOATING])
    moved = np.isin(words, [MOTIONS.index("drift"), MOTIONS.index("rise")])
    # What stands far right would drift out of the picture.
    away = (words == MOTIONS.index("drift")) & (scenes.place == 2)
    return ((words != MOTIONS.index("waves")) | wet | floats) & (~moved | (scenes.object >= 0)) & ~away
