"""What is above the horizon: sun, moon, stars and clouds; and the weather in front of everything."""

from __future__ import annotations

import torch
from torch import Tensor

from . import palette, shapes
from .attributes import SKIES, TIMES
from .canvas import Canvas, Role
from .noise import Dice

_NIGHT, _DAY = TIMES.index("night"), TIMES.index("day")


def is_sky(sky: Tensor, *names: str) -> Tensor:
    """1.0 where the sky is one of ``names``; sky int64 [n] → [n, 1, 1]."""
    hit = torch.zeros_like(sky, dtype=torch.bool)
    for name in names:
        hit |= sky == SKIES.index(name)
    return hit.float()[:, None, None]


def paint_sky(canvas: Canvas, sky: Tensor, horizon: Tensor, dice: Dice) -> None:
    """Backdrop, stars, sun or moon, clouds. ``horizon`` [n, 1, 1] is where the land begins."""
    grey = is_sky(sky, "rain") * 0.62 + is_sky(sky, "fog") * 0.5 + is_sky(sky, "snow") * 0.3
    canvas.sky(horizon, grey)
    _stars(canvas, sky, dice.fork(1))
    _sun_or_moon(canvas, sky, horizon, dice)
    _clouds(canvas, sky, dice)


def _stars(canvas: Canvas, sky: Tensor, dice: Dice) -> None:
    """Points of light in a jittered grid, only where the sky is starry (few dusk and dawn pictures need none)."""
    show = is_sky(sky, "stars")
    if not show.any():
        return
    cells = 11
    gx, gy = canvas.x * cells, canvas.y * cells
    column, line = gx.floor().clamp(0, cells - 1), gy.floor().clamp(0, cells - 1)
    index = (line * cells + column).long()
    n = len(sky)
    jitter_x, jitter_y, bright = (_at(dice.lattice(cells, cells).view(n, -1), index) for _ in range(3))
    dx = (gx - column - 0.2 - 0.6 * jitter_x) / cells
    dy = (gy - line - 0.2 - 0.6 * jitter_y) / cells
    radius = 0.003 + 0.006 * bright**4
    high = (1.15 - canvas.y * 1.5).clamp(0, 1)
    alpha = show * (bright > 0.38) * high * (0.55 + 0.45 * bright)
    white = palette.constant((1.0, 0.98, 0.9), sky.device).expand(n, 3)
    canvas.blend(white, canvas.cover(shapes.circle(dx, dy, radius), 1.2) * alpha[:, None])


def _at(table: Tensor, index: Tensor) -> Tensor:
    index = index.expand(len(table), *index.shape[1:])
    return table.gather(1, index.reshape(len(table), -1)).view(index.shape)


def _sun_or_moon(canvas: Canvas, sky: Tensor, horizon: Tensor, dice: Dice) -> None:
    """High by day and night, on the horizon at dawn and dusk; hidden by rain, pale in fog and snow."""
    time = canvas.time[:, None, None]
    low = ((time != _DAY) & (time != _NIGHT)).float()
    height = torch.lerp(dice.roll(0.12, 0.26), horizon - dice.roll(0.03, 0.15), low)
    radius = dice.roll(0.062, 0.088) * (1 + 0.35 * low)
    x = canvas.x - dice.roll(0.16, 0.84)
    y = canvas.y - height
    show = (1 - is_sky(sky, "rain")) * (1 - 0.45 * is_sky(sky, "fog", "snow"))
    colour = palette.by_time(palette.SUN, canvas.time)
    disc = shapes.circle(x, y, radius)
    for reach, strength in ((0.34, 0.20), (0.11, 0.22)):
        halo = torch.exp(-disc.clamp(min=0) / reach) * strength * show
        canvas.fill(torch.full_like(disc, -1.0), colour, Role.MOOD, halo[:, None])
    night = (time == _NIGHT).float()
    crescent = night * dice.chance(0.5)
    bite = shapes.circle(x - radius * 0.55, y + radius * 0.25, radius * 0.92)
    disc = torch.where(crescent > 0, torch.maximum(disc, -bite), disc)
    canvas.fill(disc, colour, Role.SUN, show[:, None])
    crater = shapes.union(
        shapes.circle(x + radius * 0.3, y + radius * 0.25, radius * 0.2),
        shapes.circle(x - radius * 0.25, y - radius * 0.3, radius * 0.15),
    )
    canvas.fill(crater, colour * 0.86, Role.MOOD, (night * (1 - crescent) * show)[:, None])


def cloud(x: Tensor, y: Tensor, width: Tensor) -> Tensor:
    """A flat-bottomed cloud ``width`` wide, its bottom at the origin."""
    x, y = x / width, y / width
    puffs = shapes.union(
        shapes.circle(x + 0.27, y + 0.09, 0.15),
        shapes.circle(x + 0.04, y + 0.19, 0.20),
        shapes.circle(x - 0.22, y + 0.12, 0.17),
        shapes.box(x, y + 0.07, 0.42, 0.07, 0.06),
    )
    return torch.maximum(puffs, y) * width


def _clouds(canvas: Canvas, sky: Tensor, dice: Dice) -> None:
    overcast = is_sky(sky, "rain", "snow")
    colour = palette.by_time(palette.CLOUD, canvas.time)
    haze = palette.by_time(palette.HAZE, canvas.time)
    colour = torch.lerp(colour, haze * 0.86, is_sky(sky, "rain")[:, :, 0] * 0.85)
    for number in range(4):
        wanted = is_sky(sky, "clouds") + overcast
        width = dice.roll(0.20, 0.34) * (1 + 0.35 * overcast)
        x = canvas.x - dice.roll(0.02, 0.24) - number * 0.245
        y = canvas.y - dice.roll(0.1, 0.36)
        shown = wanted * (dice.chance(0.88) if number else 1.0)
        canvas.fill(cloud(x, y, width), colour, Role.CLOUD, (0.92 * shown)[:, None])


def paint_weather(canvas: Canvas, sky: Tensor, dice: Dice) -> None:
    """Rain, snow and fog in front of the whole scene."""
    _low_fog(canvas, sky, dice.fork(2))
    _rain(canvas, sky, dice.fork(3))
    _snow(canvas, sky, dice.fork(4))


def paint_fog(canvas: Canvas, sky: Tensor, dice: Dice) -> None:
    """A veil over the land, and drifting bands; the object stands in front of it."""
    show = is_sky(sky, "fog")
    if not show.any():
        return
    haze = _fog_colour(canvas)
    veil = torch.exp(-(((canvas.y - 0.62) / 0.24) ** 2)) * 0.55
    canvas.blend(haze, (veil * show)[:, None])
    for _ in range(6):
        _band(canvas, haze, show * 0.8, dice, (0.40, 0.82))


def _low_fog(canvas: Canvas, sky: Tensor, dice: Dice) -> None:
    """A few bands along the ground, in front of everything."""
    show = is_sky(sky, "fog")
    if show.any():
        haze = _fog_colour(canvas)
        for _ in range(3):
            _band(canvas, haze, show * 0.72, dice, (0.84, 0.97))


def _fog_colour(canvas: Canvas) -> Tensor:
    """The colour of the upper sky, paler; [n, 3]."""
    sky = canvas.rgb[:, :, : max(1, canvas.size // 8)].mean((2, 3))
    share = 0.42 * (canvas.time != _NIGHT).float()[:, None] + 0.16
    return torch.lerp(sky, torch.ones_like(sky), share)


def _band(canvas: Canvas, haze: Tensor, alpha: Tensor, dice: Dice, heights: tuple[float, float]) -> None:
    x = canvas.x - dice.roll(0.0, 1.0)
    y = canvas.y - dice.roll(*heights)
    band = shapes.box(x, y + 0.012 * torch.sin(x * 9), dice.roll(0.22, 0.5), 0.016, 0.016)
    canvas.blend(haze, ((0.5 - band / 0.03).clamp(0, 1) * alpha)[:, None])


def _rain(canvas: Canvas, sky: Tensor, dice: Dice) -> None:
    show = is_sky(sky, "rain")
    if not show.any():
        return
    light = canvas.weather(0.55)
    n = len(sky)
    for cells, length, strength in ((10, 0.055, 0.8), (14, 0.035, 0.5)):
        slanted = canvas.x + canvas.y * 0.28
        gx, gy = slanted * cells, canvas.y * cells * 0.75
        column, line = gx.floor(), gy.floor()
        index = (line.long() % 16) * 24 + column.long() % 24
        shift = _at(dice.lattice(16, 24).view(n, -1), index)
        dx = (gx - column - 0.2 - 0.6 * shift) / cells
        dy = (gy - line - 0.35 - 0.3 * (1 - shift)) / (cells * 0.75)
        drop = shapes.box(dx, dy, 0.0036, length * 0.5, 0.003)
        canvas.blend(light, canvas.cover(drop, 1.2) * (show * strength * (shift > 0.2))[:, None])


def _snow(canvas: Canvas, sky: Tensor, dice: Dice) -> None:
    fall = canvas.motion["fall"]
    # Snow that a motion brings comes down from above; where it snows already it is everywhere.
    show = torch.maximum(is_sky(sky, "snow"), ((fall > 0) & (canvas.y < fall)).float())
    if not show.any():
        return
    n = len(sky)
    white = canvas.weather(0.98)
    for cells, radius in ((6, 0.0115), (11, 0.0070)):
        gx, gy = canvas.x * cells, (canvas.y - fall) * cells
        column, line = gx.floor(), gy.floor()
        index = (line.long() % 16) * 16 + column.long() % 16
        jitter_x = _at(dice.lattice(16, 16).view(n, -1), index)
        jitter_y = _at(dice.lattice(16, 16).view(n, -1), index)
        dx = (gx - column - 0.2 - 0.6 * jitter_x) / cells
        dy = (gy - line - 0.2 - 0.6 * jitter_y) / cells
        flake = shapes.circle(dx, dy, radius * (0.7 + 0.6 * jitter_x))
        canvas.blend(white, canvas.cover(flake, 1.2) * (show * (jitter_y > 0.3) * 0.95)[:, None])
