"""The canvas that scenes are painted on, layer by layer from back to front.

A layer is a signed distance, a daylight-independent colour and a *role*: what the thing is to the picture (a far
hill, the named object's body, a lit window). The three painted styles (flat, watercolour, pixel) fill the shape
with its colour; the three drawn styles (ink, neon, blueprint) decide from the role how to fill, hatch and outline.
"""

from __future__ import annotations

from enum import Enum

import torch
from torch import Tensor

from . import palette
from .noise import Dice, cloudy_noise


class Role(Enum):
    """What a layer is to the picture."""

    SUN = "sun"
    CLOUD = "cloud"
    FAR = "far"
    MIDDLE = "middle"
    NEAR = "near"
    WATER = "water"
    BODY = "body"  # the part of an object that has its named colour
    SHADE = "shade"  # the shaded side of a body
    LIGHT = "light"  # pale details: sails, snow caps, stripes
    DARK = "dark"  # dark details: doors, wheels, roofs
    GLOW = "glow"  # windows and lamps
    STROKE = "stroke"  # thin lines: waves, ropes, furrows
    MOOD = "mood"  # soft light and shadow, only painted, never drawn


class Canvas:
    """Pictures of n scenes that share a style.

    Attributes: ``rgb`` [n, 3, H, W] in 0–1; ``x``, ``y`` [n or 1, H, W], 0–1 from the top left (wobbly where the style
    asks for it); ``pixel`` the side of a pixel in the same unit; ``time`` int64 [n]; ``motion`` the displacements of
    ``motion.py`` by name, [n, 1, 1] each.
    """

    def __init__(self, *, seed: Tensor, time: Tensor, size: int, motion: dict[str, Tensor]) -> None:
        self.size = size
        self.motion = motion
        self.pixel = 1.0 / size
        self.time = time
        self.seed = seed
        axis = (torch.arange(size, device=seed.device, dtype=torch.float32) + 0.5) / size
        self.x = axis[None, None, :].expand(1, size, size)
        self.y = axis[None, :, None].expand(1, size, size)
        if bool((motion["zoom"] != 1).any() | (motion["pan"] != 0).any()):
            self.x = (self.x - 0.5) / motion["zoom"] + 0.5 + motion["pan"]
            self.y = (self.y - 0.5) / motion["zoom"] + 0.5
        self.rgb = torch.zeros(len(seed), 3, size, size, device=seed.device)
        self.extra: dict[str, Tensor] = {}
        self.prepare(Dice(seed, stream=7))

    def prepare(self, dice: Dice) -> None:
        """What a style needs before anything is painted (noise fields, line colours)."""

    def select(self, index: Tensor) -> Canvas:
        """A canvas of the scenes at ``index``; paint on it, then give it to ``merge``."""
        part = object.__new__(type(self))
        part.__dict__.update(self.__dict__)
        for name in ("rgb", "time", "seed"):
            setattr(part, name, getattr(self, name)[index])
        for name in ("x", "y"):
            grid = getattr(self, name)
            setattr(part, name, grid if len(grid) == 1 else grid[index])
        part.extra = {name: value[index] for name, value in self.extra.items()}
        part.motion = {name: value[index] for name, value in self.motion.items()}
        return part

    def merge(self, part: Canvas, index: Tensor) -> None:
        """Put back what was painted on a selection."""
        self.rgb[index] = part.rgb

    def cover(self, distance: Tensor, softness: float = 1.0) -> Tensor:
        """Share of each pixel that lies inside, [n, 1, H, W]; edges are ``softness`` pixels wide."""
        return (0.5 - distance / (self.pixel * softness)).clamp(0, 1)[:, None]

    def blend(self, colour: Tensor, alpha: Tensor) -> None:
        """Lay ``colour`` ([n, 3] or [n, 3, H, W]) over the picture where ``alpha`` [n, 1, H, W] says."""
        if colour.dim() == 2:
            colour = colour[:, :, None, None]
        self.rgb = torch.lerp(self.rgb, colour, alpha)

    def backdrop(self, top: Tensor, middle: Tensor, low: Tensor, horizon: Tensor) -> None:
        """Fill everything with a vertical gradient: colours [n, 3], ``horizon`` [n, 1, 1] the height of ``low``."""
        t = (self.y / horizon).clamp(0, 1)[:, None]
        first = torch.lerp(top[:, :, None, None], middle[:, :, None, None], (t * 2).clamp(0, 1))
        self.rgb = torch.lerp(first, low[:, :, None, None], (t * 2 - 1).clamp(0, 1))
        self.rgb = self.rgb.expand(len(self.seed), 3, self.size, self.size).contiguous()

    def sky(self, horizon: Tensor, grey: Tensor) -> None:
        """Paint the sky down to ``horizon``; ``grey`` [n, 1, 1] is how overcast it is."""
        tables = (palette.SKY_TOP, palette.SKY_MIDDLE, palette.SKY_LOW)
        haze = palette.by_time(palette.HAZE, self.time)
        colours = [palette.by_time(table, self.time) for table in tables]
        self.backdrop(*(torch.lerp(c, haze, grey[:, :, 0]) for c in colours), horizon)

    def named(self, colour: Tensor) -> Tensor:
        """What a named colour (index int64 [n]) looks like on an object here and now, [n, 3]."""
        return palette.lit_object(palette.constant(palette.NAMED, colour.device)[colour], self.time)

    def fill(self, distance: Tensor, colour: Tensor, role: Role, opacity: float | Tensor = 1.0) -> None:
        """Paint one layer."""
        raise NotImplementedError

    def weather(self, share: float) -> Tensor:
        """The colour of rain (``share`` about a half) and snow (about one), [n, 3]."""
        mean = self.rgb.mean((2, 3))
        return torch.lerp(mean, torch.ones_like(mean), share)

    def finish(self) -> Tensor:
        """Last touches over the whole picture; returns rgb [n, 3, size, size] in 0–1."""
        return self.rgb.clamp(0, 1)


class Flat(Canvas):
    """Flat illustration: clean shapes in soft colours."""

    def fill(self, distance, colour, role, opacity=1.0):
        self.blend(colour, self.cover(distance) * opacity)


class Watercolour(Canvas):
    """Wobbly edges, blooming pigment that gathers at the rim, paper grain."""

    def prepare(self, dice):
        wobble = [
            cloudy_noise(dice, 14, self.size, 2)[:, 0] * 0.006 + cloudy_noise(dice, 5, self.size, 1)[:, 0] * 0.006
            for _ in range(2)
        ]
        self.x, self.y = self.x + wobble[0], self.y + wobble[1]
        self.extra["bloom"] = cloudy_noise(dice, 5, self.size, 3)
        self.extra["grain"] = cloudy_noise(dice, 48, self.size, 1)

    def fill(self, distance, colour, role, opacity=1.0):
        if colour.dim() == 2:
            colour = colour[:, :, None, None]
        rim = torch.exp(-((distance / (2.0 * self.pixel)) ** 2))[:, None]
        weight = 0.07 if role in (Role.BODY, Role.SHADE, Role.LIGHT, Role.GLOW, Role.SUN) else 0.12
        tint = colour * (1.0 - 0.2 * rim) + weight * self.extra["bloom"]
        self.blend(tint.clamp(0, 1), self.cover(distance, 1.6) * opacity * 0.96)

    def finish(self):
        wet = self.rgb + 0.05 * self.extra["bloom"] + 0.022 * self.extra["grain"]
        paper = palette.constant((0.985, 0.968, 0.935), wet.device)[None, :, None, None]
        return torch.lerp(wet, paper, 0.09).clamp(0, 1)


class Pixel(Canvas):
    """Pixel art: painted on a grid of half the size with hard edges and few tones, then doubled."""

    levels = 11

    def __init__(self, *, seed, time, size, motion):
        super().__init__(seed=seed, time=time, size=size // 2, motion=motion)

    def fill(self, distance, colour, role, opacity=1.0):
        self.blend(colour, self.cover(distance, 0.25) * opacity)

    def finish(self):
        tones = torch.round(self.rgb * self.levels) / self.levels
        return tones.repeat_interleave(2, 2).repeat_interleave(2, 3).clamp(0, 1)
