"""The three drawn styles: ink on paper, neon tubes, blueprint. See canvas.py for what a layer's role means."""

from __future__ import annotations

import math
from typing import ClassVar

import torch
from torch import Tensor

from . import palette
from .canvas import Canvas, Role
from .noise import cloudy_noise


def hatch(canvas: Canvas, spacing_px: float, angle: float = 0.8) -> Tensor:
    """Parallel pen strokes ``spacing_px`` 128ths apart as an alpha mask, [n or 1, 1, H, W]."""
    across = canvas.x * math.sin(angle) + canvas.y * math.cos(angle)
    wave = torch.cos(across * (2 * math.pi * 128 / spacing_px))
    return ((wave - 0.25) * 1.6).clamp(0, 1)[:, None]


class Drawn(Canvas):
    """Shared by the drawn styles: outlines are about one 128th wide whatever the size."""

    line_width = 1.0 / 128

    def outline(self, distance: Tensor, width: float = 1.0) -> Tensor:
        """An outline along the edge as alpha, [n, 1, H, W]."""
        return self.cover(distance.abs() - self.line_width * width * 0.5)

    def table(self, colours: tuple) -> Tensor:
        """Colours by time of day as [n, 3]."""
        return palette.by_time(colours, self.time)

    def named(self, colour: Tensor) -> Tensor:
        return palette.constant(palette.NAMED_BRIGHT, colour.device)[colour]


class Ink(Drawn):
    """Pen and brush: paper, black line, hatched distance, solid foreground, objects and sun in one spot of colour."""

    def prepare(self, dice):
        wobble = [cloudy_noise(dice, 18, self.size, 1)[:, 0] * 0.0035 for _ in range(2)]
        self.x, self.y = self.x + wobble[0], self.y + wobble[1]
        self.extra["paper"] = self.table(palette.INK_PAPER)
        self.extra["line"] = self.table(palette.INK_LINE)
        self.extra["solid"] = self.table(palette.INK_SOLID)

    def weather(self, share):
        return torch.lerp(self.extra["paper"], self.extra["line"], 0.72)

    def sky(self, horizon, grey):
        paper, low = self.extra["paper"], self.table(palette.INK_PAPER_LOW)
        self.backdrop(paper, torch.lerp(paper, low, 0.25), low, horizon)

    def named(self, colour):
        return palette.constant(palette.NAMED, colour.device)[colour]

    def fill(self, distance, colour, role, opacity=1.0):
        if role is Role.MOOD:
            return
        inside, line = self.cover(distance) * opacity, self.extra["line"]
        if role is Role.STROKE:
            return self.blend(line, inside * 0.8)
        if role is Role.SUN:
            return self.blend(self.table(palette.INK_SUN), inside)
        if role is Role.SHADE:
            return self.blend(line, inside * hatch(self, 3.2) * 0.55)
        fills = {Role.NEAR: self.extra["solid"], Role.DARK: self.extra["solid"], Role.BODY: colour}
        if role is Role.GLOW:
            dark = (self.time >= 2).float()[:, None]
            fills[role] = torch.lerp(self.extra["paper"], self.table(palette.WINDOW), dark)
        self.blend(fills.get(role, self.extra["paper"]), inside)
        if role in (Role.FAR, Role.MIDDLE):
            spacing, strength = (4.6, 0.32) if role is Role.FAR else (3.2, 0.5)
            self.blend(line, inside * hatch(self, spacing) * strength)
        if role not in (Role.GLOW, Role.WATER):
            self.blend(line, self.outline(distance, 1.15) * opacity)


class Neon(Drawn):
    """Glowing tubes on a dark ground."""

    tubes: ClassVar = {
        Role.CLOUD: "#8f6bff",
        Role.FAR: "#7a5cff",
        Role.MIDDLE: "#3f8cff",
        Role.NEAR: "#22d3a0",
        Role.WATER: "#38c8ff",
        Role.LIGHT: "#e4ddff",
        Role.STROKE: "#3fb7ff",
        Role.GLOW: "#ffcf66",
    }

    def sky(self, horizon, grey):
        top, low = self.table(palette.NEON_TOP), self.table(palette.NEON_LOW)
        self.backdrop(top, torch.lerp(top, low, 0.35), low, horizon)

    def fill(self, distance, colour, role, opacity=1.0):
        if role is Role.MOOD or role is Role.SHADE:
            return
        tube = self.tube(colour, role)
        inside = self.cover(distance)
        if role is Role.STROKE:
            return self.blend(tube, inside * opacity * 0.75)
        shares = {Role.BODY: 0.30, Role.SUN: 0.62, Role.GLOW: 0.92, Role.LIGHT: 0.12, Role.DARK: 0.05}
        share = shares.get(role, 0.07)
        ground = self.table(palette.NEON_TOP) * 0.55
        self.blend(torch.lerp(ground, tube, share), inside * opacity)
        if role is Role.GLOW:
            return
        strength = 0.75 if role in (Role.BODY, Role.SUN) else 0.34
        reach = 0.014 if role in (Role.BODY, Role.SUN) else 0.009
        glow = torch.exp(-distance.abs() / reach)[:, None] * strength * opacity
        self.rgb = self.rgb + tube[:, :, None, None] * glow
        self.blend(torch.lerp(tube, torch.ones_like(tube), 0.18), self.outline(distance, 1.25) * opacity)

    def tube(self, colour: Tensor, role: Role) -> Tensor:
        """The colour of a layer's line, [n, 3]."""
        if role is Role.BODY:
            return colour
        if role is Role.SUN:
            return self.table(palette.NEON_SUN)
        if role is Role.DARK:
            return self.table(palette.NEON_LOW)
        code = palette.rgb(self.tubes[role])
        return palette.constant(code, colour.device).expand(len(self.time), 3)


class Blueprint(Drawn):
    """A draughtsman's plan: pale lines on blue paper with a grid; objects in coloured pencil."""

    def prepare(self, dice):
        self.extra["line"] = self.table(palette.BLUE_LINE)
        self.extra["paper"] = torch.zeros_like(self.rgb)

    def merge(self, part, index):
        super().merge(part, index)
        self.extra["paper"][index] = part.extra["paper"]

    def sky(self, horizon, grey):
        top, low = self.table(palette.BLUE_TOP), self.table(palette.BLUE_LOW)
        self.backdrop(top, torch.lerp(top, low, 0.3), low, torch.full_like(horizon, 0.95))
        self.rule()
        self.extra["paper"] = self.rgb.clone()

    def rule(self) -> None:
        """Draw the grid: fine lines every 16th, a stronger one every 4th."""
        lines = []
        for count, strength in ((16, 0.07), (4, 0.09)):
            for axis in (self.x, self.y):
                offset = ((axis * count + 0.5) % 1.0 - 0.5).abs() / count
                lines.append(self.cover(offset - self.line_width * 0.45) * strength)
        self.blend(self.extra["line"], sum(lines))

    def fill(self, distance, colour, role, opacity=1.0):
        if role is Role.MOOD:
            return
        inside, line = self.cover(distance) * opacity, self.extra["line"]
        if role is Role.STROKE:
            return self.blend(line, inside * 0.65)
        if role is Role.SHADE:
            return self.blend(line, inside * hatch(self, 4.0) * 0.35)
        if role is Role.GLOW:
            return self.blend(line, inside * 0.8)
        self.blend(self.extra["paper"], inside * 0.97)
        if role is Role.BODY:
            self.blend(colour, inside * 0.78)
            line = torch.lerp(colour, torch.ones_like(colour), 0.35)
        strength = {Role.FAR: 0.55, Role.MIDDLE: 0.7, Role.CLOUD: 0.75}.get(role, 0.95)
        if role in (Role.NEAR, Role.DARK):
            self.blend(self.extra["line"], inside * hatch(self, 4.6) * 0.22)
        self.blend(line, self.outline(distance) * strength * opacity)
