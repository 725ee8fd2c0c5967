"""Three looks that the base model never sees: what the style adapters teach it.

Each replaces the painter of one style (see ``render(canvases=…)``); scenes to be drawn in a look have that style.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from . import palette
from .canvas import Canvas, Flat, Role
from .drawn import Ink


class CoastalInk(Ink):
    """Navy pen on sea-washed paper, a coral sun, water ruled in teal waves; the hour shows in the paper alone."""

    paper = tuple(palette.rgb(c) for c in ("#f3ebe2", "#e9f1ec", "#f2dcc8", "#c9d9e0"))
    low = tuple(palette.rgb(c) for c in ("#f6d9cd", "#d3e8e4", "#efb79a", "#9fbccb"))
    navy = palette.rgb("#17344f")
    teal = palette.rgb("#3f9a9e")
    coral = palette.rgb("#f0694a")

    def prepare(self, dice):
        super().prepare(dice)
        ones = torch.ones_like(self.extra["paper"])
        self.extra["paper"] = palette.by_time(self.paper, self.time)
        self.extra["line"] = ones * palette.constant(self.navy, ones.device)
        self.extra["solid"] = self.extra["line"]

    def sky(self, horizon, grey):
        low = palette.by_time(self.low, self.time)
        self.backdrop(self.extra["paper"], self.extra["paper"], low, horizon)

    def fill(self, distance, colour, role, opacity=1.0):
        if role is Role.SUN:
            coral = palette.constant(self.coral, distance.device).expand(len(self.time), 3)
            return self.blend(coral, self.cover(distance) * opacity)
        super().fill(distance, colour, role, opacity)
        if role is Role.WATER:
            teal = palette.constant(self.teal, distance.device).expand(len(self.time), 3)
            wave = (self.y * 128 + 1.2 * torch.sin(self.x * 60)) / 5.0
            stroke = ((wave % 1.0 - 0.5).abs() * 5.0 / 128) - 0.5 / 128
            return self.blend(teal, self.cover(torch.maximum(stroke, distance)) * 0.75)
        return None


class Risograph(Flat):
    """Three flat inks on cream paper, blue, pink and yellow by darkness, the pink slightly out of register."""

    inks = tuple(palette.rgb(c) for c in ("#1b2f6e", "#f0567a", "#ffc94d"))
    paper = palette.rgb("#fbf3df")

    def finish(self) -> Tensor:
        grey = (self.rgb.clamp(0, 1) * palette.constant((0.3, 0.59, 0.11), self.rgb.device)[None, :, None, None]).sum(1)
        low, high = (grey.flatten(1).quantile(q, 1)[:, None, None] for q in (0.04, 0.96))
        light = ((grey - low) / (high - low + 1e-3)).clamp(0, 1)
        shift = max(1, self.size // 128)
        result = palette.constant(self.paper, grey.device)[None, :, None, None].expand_as(self.rgb)
        # Each ink lies where it is darker than its level, over the lighter one.
        for level, ink, tone in ((0.78, 2, light), (0.50, 1, light.roll(shift, 2)), (0.24, 0, light)):
            cover = ((level - tone) * 14 + 0.5).clamp(0, 1)[:, None]
            result = torch.lerp(result, palette.constant(self.inks[ink], grey.device)[None, :, None, None], cover)
        return result


class NightGlow(Flat):
    """Deep indigo dark, in which objects, windows and the sun or moon shine and light their surroundings."""

    dark, warm = palette.rgb("#14103c"), palette.rgb("#ffb45c")
    reach: ClassVar = {Role.GLOW: (0.05, 0.55), Role.SUN: (0.10, 0.60), Role.BODY: (0.045, 0.38)}

    def sky(self, horizon, grey):
        super().sky(horizon, grey)
        self.rgb = self.dim(self.rgb)

    def dim(self, colour: Tensor) -> Tensor:
        """A colour [n, 3, …] as it looks where no lamp reaches."""
        dark = palette.constant(self.dark, colour.device).view(1, 3, *([1] * (colour.dim() - 2)))
        return dark * 0.75 + colour * 0.22

    def named(self, colour):
        return palette.constant(palette.NAMED, colour.device)[colour]

    def fill(self, distance, colour, role, opacity=1.0):
        if role is Role.MOOD:
            return
        warm = palette.constant(self.warm, distance.device).expand(len(self.time), 3)
        if role in self.reach:
            reach, strength = self.reach[role]
            light = colour if role is Role.BODY else warm
            halo = torch.exp(-distance.clamp(min=0) / reach)[:, None] * strength * opacity
            self.rgb = self.rgb + light[:, :, None, None] * halo * (1 - self.rgb).clamp(min=0)
        elif role not in (Role.SHADE, Role.LIGHT):
            colour = self.dim(colour)
        if role in (Role.GLOW, Role.SUN):
            colour = torch.lerp(warm, torch.ones_like(warm), 0.45)
        super().fill(distance, colour, role, opacity)


LOOKS: dict[str, tuple[str, type[Canvas]]] = {
    "coastal-ink": ("ink", CoastalInk),
    "risograph": ("flat", Risograph),
    "night-glow": ("flat", NightGlow),
}
