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
from .noise import cloudy_noise


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
    """Three inks, blue, pink and yellow, in few tones, slightly out of register, with the grain of the drum."""

    inks = tuple(palette.rgb(c) for c in ("#1f6fb8", "#ff5a7c", "#ffd447"))
    paper = palette.rgb("#f8f2e4")

    def prepare(self, dice):
        self.extra["grain"] = torch.cat([cloudy_noise(dice, 60, self.size, 1) for _ in range(3)], 1)

    def finish(self) -> Tensor:
        picture = ((self.rgb - 0.5) * 1.25 + 0.52).clamp(0, 1)
        shift = max(1, self.size // 128)
        # Each ink takes the light of one channel; blue and pink are printed a pixel off.
        share = 1 - torch.stack([picture[:, 0].roll(shift, 2), picture[:, 1].roll(shift, 1), picture[:, 2]], 1)
        share = (torch.round(share * 3 + self.extra["grain"] * 0.18) / 3).clamp(0, 1)
        result = palette.constant(self.paper, picture.device)[None, :, None, None].expand_as(picture)
        for number, ink in enumerate(self.inks):
            tint = palette.constant(ink, picture.device)[None, :, None, None]
            result = result * (1 - share[:, number : number + 1] * (1 - tint) * 0.92)
        return result.clamp(0, 1)


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
