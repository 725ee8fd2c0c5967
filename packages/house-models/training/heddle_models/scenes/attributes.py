"""The words a scene is made of, sampling of scenes, and the combinations held out for evaluation.

A scene is a row of small integers (one per attribute) and a 63-bit seed that decides everything else.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

LANDSCAPES = ("mountains", "sea", "harbour", "desert", "forest", "city", "fields")
TIMES = ("dawn", "day", "dusk", "night")
SKIES = ("clear", "clouds", "stars", "rain", "snow", "fog")
OBJECTS = (
    "house",
    "tree",
    "boat",
    "balloon",
    "lighthouse",
    "bird",
    "car",
    "cactus",
    "tent",
    "windmill",
    "castle",
    "rocket",
    "cat",
    "whale",
    "mushroom",
)
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white")
PLACES = ("left", "centre", "right")
SIZES = ("small", "medium", "large")
STYLES = ("flat", "watercolour", "pixel", "ink", "neon", "blueprint")

FLYING = ("balloon", "bird", "rocket")
FLOATING = ("boat", "whale")
WET_LANDSCAPES = ("sea", "harbour", "city")

HELD_OUT_SEED = 20_261
HELD_OUT_COUNT = 500


@dataclass
class Scenes:
    """A batch of B scenes; every field is an int64 array of shape [B].

    ``other``, ``other_colour`` and ``other_place`` describe an optional second object; -1 means none.
    ``object`` is -1 for an empty landscape.
    """

    landscape: np.ndarray
    time: np.ndarray
    sky: np.ndarray
    object: np.ndarray
    colour: np.ndarray
    place: np.ndarray
    size: np.ndarray
    style: np.ndarray
    other: np.ndarray
    other_colour: np.ndarray
    other_place: np.ndarray
    seed: np.ndarray

    def __len__(self) -> int:
        return len(self.seed)

    def take(self, index) -> Scenes:
        """The scenes at ``index`` (an integer array, boolean mask or slice)."""
        return Scenes(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    @staticmethod
    def join(parts: list[Scenes]) -> Scenes:
        """One batch out of several."""
        return Scenes(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Scenes)})


def combination_id(scenes: Scenes) -> np.ndarray:
    """One integer per scene for its (object, colour, landscape, style); int64 [B]."""
    code = scenes.object
    code = code * len(COLOURS) + scenes.colour
    code = code * len(LANDSCAPES) + scenes.landscape
    return code * len(STYLES) + scenes.style


def held_out_combinations() -> np.ndarray:
    """The sorted ids of the 500 (object, colour, landscape, style) combinations no generator may train on."""
    total = len(OBJECTS) * len(COLOURS) * len(LANDSCAPES) * len(STYLES)
    return np.sort(np.random.default_rng(HELD_OUT_SEED).permutation(total)[:HELD_OUT_COUNT])


def sample(count: int, rng: np.random.Generator, *, plain: bool = False, held_out: bool = False) -> Scenes:
    """``count`` random scenes.

    ``plain`` asks for exactly one object in every scene (for the probe); ``held_out`` keeps the held-out
    combinations in. Without it they are drawn again until none is left.
    """
    scenes = _draw(count, rng, plain)
    if held_out:
        return scenes
    forbidden = held_out_combinations()
    while True:
        bad = np.isin(combination_id(scenes), forbidden)
        if not bad.any():
            return scenes
        fresh = _draw(int(bad.sum()), rng, plain)
        for f in fields(Scenes):
            getattr(scenes, f.name)[bad] = getattr(fresh, f.name)


def held_out_scenes(seed: int = HELD_OUT_SEED) -> Scenes:
    """One scene for each held-out combination, the other attributes drawn at random; 500 scenes."""
    rng = np.random.default_rng(seed + 1)
    scenes = _draw(HELD_OUT_COUNT, rng, plain=True)
    code = held_out_combinations()
    scenes.style, code = code % len(STYLES), code // len(STYLES)
    scenes.landscape, code = code % len(LANDSCAPES), code // len(LANDSCAPES)
    scenes.colour, scenes.object = code % len(COLOURS), code // len(COLOURS)
    return scenes


def _draw(count: int, rng: np.random.Generator, plain: bool) -> Scenes:
    time = rng.integers(0, len(TIMES), count)
    night = time == TIMES.index("night")
    # A clear sky at night is a starry one; stars are never seen by day.
    sky = rng.choice(len(SKIES), count, p=(0.34, 0.3, 0.0, 0.12, 0.12, 0.12))
    sky = np.where(night & (sky == 0), SKIES.index("stars"), sky)
    place = rng.integers(0, 3, count)
    kind = rng.integers(0, len(OBJECTS), count)
    other = rng.integers(0, len(OBJECTS), count)
    lonely = plain | (rng.random(count) > 0.22) | (other == kind)
    empty = (rng.random(count) < 0.06) & (not plain)
    none = np.full(count, -1)
    colour = rng.integers(0, len(COLOURS), count)
    # Now and then the second object is a twin: "two red boats".
    twin = ~lonely & (rng.random(count) < 0.2)
    other = np.where(twin, kind, other)
    other_colour = np.where(twin, colour, rng.integers(0, len(COLOURS), count))
    return Scenes(
        landscape=rng.integers(0, len(LANDSCAPES), count),
        time=time,
        sky=sky,
        object=np.where(empty, none, kind),
        colour=colour,
        place=place,
        size=rng.choice(3, count, p=(0.22, 0.5, 0.28)),
        style=rng.integers(0, len(STYLES), count),
        other=np.where(lonely | empty, none, other),
        other_colour=other_colour,
        other_place=(place + rng.integers(1, 3, count)) % 3,
        seed=rng.integers(0, 2**62, count),
    )
