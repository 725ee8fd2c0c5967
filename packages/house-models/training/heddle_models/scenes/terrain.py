"""The seven landscapes: each paints its layers from far to near and says where an object may stand."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from . import palette, shapes
from .canvas import Canvas, Role
from .noise import Dice, pick


@dataclass
class Land:
    """What every landscape gets: the canvas, its dice, the horizon and whether snow lies (both [n, 1, 1])."""

    canvas: Canvas
    dice: Dice
    horizon: Tensor
    snow: Tensor
    side: Tensor  # -1 where the object stands left, 0 centre, 1 right

    def ground(self, code: str, depth: float, snowy: float = 0.82) -> Tensor:
        """A daylight ground colour as it looks at this hour, at this depth, under snow; [n, 3]."""
        colour = palette.constant(palette.rgb(code), self.horizon.device).expand(len(self.horizon), 3)
        white = palette.constant((0.93, 0.95, 0.99), colour.device)
        colour = torch.lerp(colour, white.expand_as(colour), self.snow[:, 0] * snowy)
        return palette.lit_ground(colour, self.canvas.time, depth)

    def hills(self, base: float, height: float, waves: float) -> Tensor:
        """Signed distance of rolling hills whose mean height is ``base`` below the horizon; [n, H, W]."""
        x, dice = self.canvas.x, self.dice
        line = torch.sin(x * waves * dice.roll(0.8, 1.25) + dice.roll(0, 6.28)) * 0.6
        line = line + torch.sin(x * waves * 2.1 + dice.roll(0, 6.28)) * 0.25
        return (self.horizon + base - height * line - self.canvas.y) * 0.93

    def peaks(self, base: float, low: float, high: float, count: int) -> tuple[Tensor, Tensor]:
        """Jagged mountains: their signed distance, and that of their snow caps."""
        canvas, dice = self.canvas, self.dice
        rock, cap = None, None
        for number in range(count):
            x = canvas.x - (number + dice.roll(0.1, 0.9)) / count
            top = self.horizon + base - dice.roll(low, high)
            slope = dice.roll(0.85, 1.35)
            side = (top + x.abs() * slope - canvas.y) / torch.sqrt(1 + slope**2)
            jag = (x.abs() * 40 % 1.0 - 0.5).abs() * 0.035
            snow = torch.maximum(side, canvas.y - top - 0.055 - jag)
            rock = side if rock is None else torch.minimum(rock, side)
            # A cap shows only where its own mountain is the one in front.
            cap = snow if cap is None else torch.minimum(cap, snow)
        return rock, cap


def _water(land: Land, top: Tensor, *, glitter: bool = True) -> None:
    """Water from ``top`` [n, 1, 1] to the bottom, with waves and a path of light."""
    canvas, dice = land.canvas, land.dice
    far = palette.by_time(palette.WATER_FAR, canvas.time)[:, :, None, None]
    near = palette.by_time(palette.WATER_NEAR, canvas.time)[:, :, None, None]
    depth = ((canvas.y - top) / 0.5).clamp(0, 1)[:, None]
    surface = top - canvas.y
    # Drawn styles want one colour a scene; painted ones take the gradient.
    canvas.fill(surface, torch.lerp(far, near, depth), Role.WATER)
    light = palette.by_time(palette.GLITTER, canvas.time)
    for number in range(9):
        drop = 0.03 + 0.05 * number
        swing = canvas.motion["swell"] * 2 * math.pi + number
        y = canvas.y - top - drop - dice.roll(0, 0.025) - 0.009 * (torch.cos(swing) - math.cos(number))
        x = canvas.x - dice.roll(0.04, 0.96) - 0.05 * (torch.sin(swing) - math.sin(number))
        wave = shapes.box(x, y + 0.006 * torch.sin(x * 55), dice.roll(0.02, 0.035) + 0.006 * number, 0.0042)
        canvas.fill(torch.maximum(wave, surface), light, Role.STROKE, 0.62)


def _pines(land: Land, base: float, size: float, colour: Tensor, role: Role, gap: Tensor | None = None) -> None:
    """A row of pines standing on horizon + base; ``size`` is their mean height. ``gap`` thins them out near an x."""
    canvas, dice = land.canvas, land.dice
    count = round(0.62 / size)
    result, forest = None, None
    for row in range(2):
        shift = dice.roll(0, 1)
        gx = canvas.x * count + shift + row * 0.5
        cell = gx.floor()
        heights = pick(dice.row(count + 3), cell.long().clamp(0, count + 2))
        tall = size * (0.72 + 0.56 * heights)
        if gap is not None:
            centre = (cell + 0.5 - shift - row * 0.5) / count
            tall = tall * (((centre - gap).abs() - 0.12) / 0.12).clamp(0, 1)
        x = (gx - cell - 0.5).abs() / count
        up = land.horizon + base - canvas.y
        for tier, (foot, top) in enumerate(((0.1, 0.58), (0.36, 0.8), (0.6, 1.0))):
            slope = (0.30 - 0.075 * tier) / (top - foot)
            side = (x - (tall * top - up) * slope) / (1 + slope**2) ** 0.5
            tier_distance = torch.maximum(side, tall * foot - up)
            result = tier_distance if result is None else torch.minimum(result, tier_distance)
        trunk = torch.maximum(x - 0.03 * tall, torch.maximum(up - 0.2 * tall, -up - 0.02))
        result = torch.minimum(result, trunk) + (tall < 0.02).float()
        forest = result if row == 0 else torch.minimum(forest, result)
        result = None
    canvas.fill(forest, colour, role)


def mountains(land: Land) -> None:
    """Two ranges with snow caps, foothills, a meadow with a few pines."""
    canvas = land.canvas
    rock, cap = land.peaks(0.05, 0.20, 0.36, 4)
    canvas.fill(rock, land.ground("#8fa8bd", 0.42), Role.FAR)
    canvas.fill(cap, land.ground("#fbfdff", 0.15), Role.LIGHT)
    rock, cap = land.peaks(0.10, 0.08, 0.20, 4)
    canvas.fill(rock, land.ground("#6f94a8", 0.22), Role.MIDDLE)
    canvas.fill(land.hills(0.06, 0.02, 5.0), land.ground("#7db58c", 0.16), Role.MIDDLE)
    _water(land, land.horizon + 0.075)
    _pines(land, 0.175, 0.17, land.ground("#3f7d5c", 0.08, 0.5), Role.NEAR, gap=0.5 + 0.26 * land.side)
    canvas.fill(land.hills(0.17, 0.02, 4.0), land.ground("#58a06e", 0.0), Role.MIDDLE)
    canvas.fill(land.hills(0.33, 0.03, 3.0), land.ground("#478c60", 0.0), Role.MOOD)
    _flowers(land, 0.24)


def sea(land: Land) -> None:
    """Open water, low islands on the horizon."""
    canvas = land.canvas
    canvas.fill(land.hills(0.045, 0.05, 4.2), land.ground("#86a9bb", 0.45), Role.FAR)
    _water(land, land.horizon)


def harbour(land: Land) -> None:
    """A row of gabled houses on a quay under mountains, water in front."""
    canvas, dice = land.canvas, land.dice
    rock, cap = land.peaks(0.02, 0.14, 0.30, 3)
    canvas.fill(rock, land.ground("#8fb0c2", 0.40), Role.FAR)
    canvas.fill(cap, land.ground("#fbfdff", 0.15), Role.LIGHT)
    canvas.fill(land.hills(0.03, 0.03, 4.0), land.ground("#6aa58c", 0.18), Role.MIDDLE)
    _water(land, land.horizon + 0.02)
    # Houses stand away from the object.
    away = torch.where(land.side == 0, dice.chance(0.5) * 2 - 1, -land.side)
    _quay(land, away)


def _quay(land: Land, away: Tensor) -> None:
    canvas, dice = land.canvas, land.dice
    count, width = 5, 0.085
    level = land.horizon + 0.045
    start = torch.where(away < 0, torch.full_like(away, -0.02), 1.02 - count * width)
    gx = (canvas.x - start) / width
    cell = gx.floor()
    known = ((cell >= 0) & (cell < count)).float()
    index = cell.long().clamp(0, count - 1)
    tall = 0.075 + 0.06 * pick(dice.row(count), index)
    x = (gx - cell - 0.5) * width
    up = level - canvas.y
    outside = (1 - known) * 1.0
    body = torch.maximum(x.abs() - width * 0.46, torch.maximum(up - tall, -up)) + outside
    roof = torch.maximum((x.abs() - (tall + 0.055 - up) * 0.92) * 0.73, tall - 0.004 - up) + outside
    walls = tuple(palette.rgb(c) for c in ("#f6efe2", "#f0b79a", "#f3d27c", "#e9e4da", "#d98c74"))
    walls = palette.constant(walls, canvas.rgb.device)
    shade = (pick(dice.row(count), index) * len(walls)).long().clamp(0, len(walls) - 1)
    tint = walls[shade].permute(0, 3, 1, 2)
    mean = palette.lit_ground(torch.ones_like(land.ground("#ffffff", 0.0)), canvas.time, 0.0)
    canvas.fill(body, tint * mean[:, :, None, None], Role.LIGHT)
    canvas.fill(roof, land.ground("#b4533c", 0.05, 0.75), Role.NEAR)
    wx, wy = (x.abs() - width * 0.19), (up % 0.05) - 0.026
    window = torch.maximum(shapes.box(wx, wy, 0.0095, 0.0115), torch.maximum(body + 0.008, 0.012 - up))
    canvas.fill(window, palette.by_time(palette.WINDOW, canvas.time), Role.GLOW)
    end = count * width + 0.03
    along = torch.where(away < 0, canvas.x - start - end, start - 0.03 - canvas.x)
    deck = torch.maximum(along, (canvas.y - level - 0.012).abs() - 0.013)
    posts = torch.maximum(along + 0.01, ((canvas.x % 0.07) - 0.035).abs() - 0.0075)
    posts = torch.maximum(posts, (canvas.y - level - 0.045).abs() - 0.035)
    canvas.fill(torch.minimum(deck, posts), land.ground("#6d5a50", 0.0, 0.3), Role.NEAR)


def desert(land: Land) -> None:
    """Table mountains far away, dunes with a lit and a shaded side."""
    canvas, dice = land.canvas, land.dice
    for _ in range(3):
        x = canvas.x - dice.roll(0.0, 1.0)
        y = land.horizon + 0.03 - canvas.y
        wide, tall = dice.roll(0.06, 0.14), dice.roll(0.08, 0.2)
        mesa = torch.maximum((x.abs() - wide - (tall - y) * 0.35) * 0.94, y - tall)
        canvas.fill(mesa, land.ground("#c98a6a", 0.42), Role.FAR)
    for base, wave, code, depth, role in (
        (0.03, 4.5, "#edc98a", 0.25, Role.FAR),
        (0.11, 3.6, "#e3b26d", 0.1, Role.MIDDLE),
        (0.20, 2.9, "#efc889", 0.0, Role.MIDDLE),
    ):
        dune = land.hills(base, 0.045, wave)
        canvas.fill(dune, land.ground(code, depth), role)
        shade = torch.maximum(dune, 0.05 + 0.5 * torch.sin(canvas.x * 7 + base * 40) * 0.12 - dune.abs())
        canvas.fill(shade, land.ground("#cf9a5c", depth), Role.MOOD, 0.35)
    for _ in range(3):
        y = canvas.y - land.horizon - dice.roll(0.24, 0.36)
        x = canvas.x - dice.roll(0, 1)
        ripple = shapes.box(x, y + 0.008 * torch.sin(x * 30), dice.roll(0.05, 0.11), 0.003)
        canvas.fill(ripple, land.ground("#cf9a5c", 0.0), Role.STROKE, 0.6)


def forest(land: Land) -> None:
    """Rows of pines, paler with distance, around a clearing."""
    canvas = land.canvas
    canvas.fill(land.hills(-0.02, 0.05, 4.0), land.ground("#8fbfa5", 0.5), Role.FAR)
    _pines(land, 0.04, 0.26, land.ground("#6da688", 0.42, 0.35), Role.FAR)
    canvas.fill(land.hills(0.04, 0.01, 4.0), land.ground("#6da688", 0.42), Role.FAR)
    _pines(land, 0.12, 0.32, land.ground("#3d8061", 0.16, 0.35), Role.MIDDLE, gap=0.5 + 0.26 * land.side)
    canvas.fill(land.hills(0.11, 0.012, 4.0), land.ground("#4f9468", 0.10), Role.MIDDLE)
    gap = 0.5 + 0.24 * land.side
    _pines(land, 0.25, 0.40, land.ground("#245b47", 0.0, 0.3), Role.NEAR, gap=gap)
    canvas.fill(land.hills(0.235, 0.014, 3.0), land.ground("#3f8158", 0.0), Role.MIDDLE)
    _flowers(land, 0.29)


def _towers(land: Land, count: int, low: float, high: float, colour: Tensor, role: Role) -> None:
    """One row of buildings with lit windows; heights between ``low`` and ``high``."""
    canvas, dice = land.canvas, land.dice
    gx = canvas.x * count + dice.roll(0, 1)
    cell = gx.floor()
    index = cell.long().clamp(0, count + 1)
    tall = low + (high - low) * pick(dice.row(count + 2), index)
    shape = pick(dice.row(count + 2), index)
    half = (0.40 + 0.12 * shape) / count
    x = (gx - cell - 0.5) / count
    up = land.horizon + 0.1 - canvas.y
    tower = torch.maximum(x.abs() - half, up - tall)
    mast = torch.maximum(x.abs() - 0.004, up - tall - 0.06) + (shape < 0.7).float()
    step = torch.maximum(x.abs() - half * 0.55, up - tall - 0.035) + (shape > 0.45).float()
    canvas.fill(shapes.union(tower, mast, step), colour, role)
    if role is Role.FAR:
        return
    pitch = 0.032
    column, floor = (x / 0.027 + 50).floor(), (up / pitch).floor()
    code = (index * 37 + column.long() * 11 + floor.long() * 5) % 61
    lit = pick(dice.row(61), code.clamp(0, 60))
    pane = shapes.box(x / 0.027 + 50 - column - 0.5, up / pitch - floor - 0.5, 0.24, 0.3) * 0.03
    inside = torch.maximum(tower + 0.008, 0.01 - up)
    share = 0.62 - 0.2 * (canvas.time == 1).float()[:, None, None]
    pane = torch.maximum(pane, inside) + (lit > share).float()
    canvas.fill(pane, palette.by_time(palette.WINDOW, canvas.time), Role.GLOW)


def city(land: Land) -> None:
    """Two rows of towers behind a river with an embankment."""
    canvas = land.canvas
    _towers(land, 9, 0.18, 0.48, land.ground("#93a9bf", 0.5), Role.FAR)
    _towers(land, 7, 0.12, 0.36, land.ground("#5b7390", 0.12, 0.3), Role.MIDDLE)
    top = land.horizon + 0.1
    _water(land, top)
    wall = (canvas.y - top).abs() - 0.012
    canvas.fill(wall, land.ground("#6b7683", 0.0), Role.NEAR)


def fields(land: Land) -> None:
    """Rolling farmland: strips of crops, hedges, a far line of trees."""
    canvas, dice = land.canvas, land.dice
    canvas.fill(land.hills(-0.03, 0.045, 3.6), land.ground("#9cc6b0", 0.5), Role.FAR)
    canvas.fill(land.hills(0.02, 0.035, 4.4), land.ground("#86bb84", 0.28), Role.FAR)
    _bushes(land)
    for base, code, rows in ((0.075, "#e8cf73", 26.0), (0.16, "#8fc06c", 20.0), (0.26, "#6aa85a", 0.0)):
        hill = land.hills(base, 0.03, 3.0)
        canvas.fill(hill, land.ground(code, 0.12 if base < 0.1 else 0.0), Role.MIDDLE)
        if not rows:
            _flowers(land, base + 0.04)
        else:
            fan = (canvas.x - dice.roll(0.2, 0.8)) / (canvas.y - land.horizon + 0.12)
            furrow = ((fan * rows * 0.22 % 1.0) - 0.5).abs() / (rows * 0.22) * (canvas.y - land.horizon + 0.12) - 0.004
            canvas.fill(torch.maximum(furrow, hill + 0.006), land.ground("#7a9a4e", 0.05), Role.STROKE, 0.35)


def _flowers(land: Land, base: float) -> None:
    """Tufts of grass and a few flowers below horizon + base."""
    canvas, dice = land.canvas, land.dice
    grass = land.ground("#2f6b4c", 0.0, 0.3)
    for number in range(7):
        x = canvas.x - dice.roll(0.02, 0.98)
        y = canvas.y - land.horizon - base - dice.roll(0.0, 0.2)
        blade = shapes.box(x - y * 0.5 * (1 if number % 2 else -1), y, 0.0035, 0.014)
        if number < 4:
            canvas.fill(blade, grass, Role.STROKE, 0.6)
        else:
            petals = land.ground(("#fff3d6", "#f7d75e", "#f2a0b6")[number - 4], 0.0, 0.3)
            canvas.fill(shapes.circle(x, y, 0.0075), petals, Role.MOOD)


def _bushes(land: Land) -> None:
    canvas, dice = land.canvas, land.dice
    gx = canvas.x * 12 + dice.roll(0, 1)
    cell = gx.floor()
    size = pick(dice.row(15), cell.long().clamp(0, 14))
    radius = 0.02 + 0.022 * size
    x, y = (gx - cell - 0.5) / 12, canvas.y - land.horizon - 0.045
    canvas.fill(shapes.circle(x, y * 0.8, radius), land.ground("#4f8f62", 0.22, 0.4), Role.NEAR)


PAINTERS = {
    "mountains": mountains,
    "sea": sea,
    "harbour": harbour,
    "desert": desert,
    "forest": forest,
    "city": city,
    "fields": fields,
}
HORIZONS = {
    "mountains": (0.54, 0.62),
    "sea": (0.50, 0.60),
    "harbour": (0.52, 0.58),
    "desert": (0.52, 0.60),
    "forest": (0.54, 0.60),
    "city": (0.50, 0.56),
    "fields": (0.50, 0.58),
}
