"""Scenes to pictures: groups a batch by style, landscape and object, and paints every group at once."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from . import palette, shapes
from .attributes import FLOATING, FLYING, LANDSCAPES, OBJECTS, STYLES, WET_LANDSCAPES, Scenes
from .canvas import Canvas, Flat, Pixel, Role, Watercolour
from .drawn import Blueprint, Ink, Neon
from .motion import Motion
from .noise import Dice
from .objects import PAINTERS as OBJECT_PAINTERS
from .objects import Brush
from .sky import is_sky, paint_fog, paint_sky, paint_weather
from .terrain import HORIZONS, Land
from .terrain import PAINTERS as LAND_PAINTERS

CANVASES: dict[str, type[Canvas]] = {
    "flat": Flat,
    "watercolour": Watercolour,
    "pixel": Pixel,
    "ink": Ink,
    "neon": Neon,
    "blueprint": Blueprint,
}
_HEIGHTS = (0.25, 0.36, 0.48)  # small, medium, large, in picture sides


@torch.no_grad()
def render(
    scenes: Scenes,
    *,
    size: int = 128,
    device: str | torch.device = "cpu",
    canvases: dict[str, type[Canvas]] | None = None,
    motion: Motion | None = None,
) -> Tensor:
    """Pictures of a batch of scenes: float32 [B, 3, size, size], sRGB in 0–1.

    A scene's picture depends on its attributes and seed only (up to float rounding), not on the batch it is in.
    ``canvases`` replaces the painter of a style by another look; ``motion`` displaces what the pictures show.
    """
    device = torch.device(device)
    table = {**CANVASES, **(canvases or {})}
    motion = motion or Motion.none(len(scenes))
    out = torch.empty(len(scenes), 3, size, size, device=device)
    for number, style in enumerate(STYLES):
        rows = np.flatnonzero(scenes.style == number)
        if len(rows):
            picture = _render_style(table[style], scenes.take(rows), size, motion.take(rows).tensors(device))
            out[torch.from_numpy(rows).to(device)] = picture
    return out


def _render_style(kind: type[Canvas], scenes: Scenes, size: int, motion: dict[str, Tensor]) -> Tensor:
    device = motion["pan"].device
    field = {name: torch.from_numpy(getattr(scenes, name)).to(device) for name in scenes.__dataclass_fields__}
    canvas = kind(seed=field["seed"], time=field["time"], size=size, motion=motion)
    horizon = torch.zeros(len(scenes), 1, 1, device=device)
    for number, name in enumerate(LANDSCAPES):
        rows = np.flatnonzero(scenes.landscape == number)
        if len(rows):
            index = torch.from_numpy(rows).to(device)
            part = canvas.select(index)
            horizon[index] = _paint_land(part, name, {k: v[index] for k, v in field.items()})
            canvas.merge(part, index)
    # The second object stands further back, so it is painted first.
    for object_name, colour_name, place_name, stream in (
        ("other", "other_colour", "other_place", 3),
        ("object", "colour", "place", 2),
    ):
        kinds = getattr(scenes, object_name)
        for number, name in enumerate(OBJECTS):
            rows = np.flatnonzero(kinds == number)
            if len(rows):
                index = torch.from_numpy(rows).to(device)
                part = canvas.select(index)
                sub = {k: v[index] for k, v in field.items()}
                sub.update(colour=sub[colour_name], place=sub[place_name], horizon=horizon[index])
                _paint_object(part, name, sub, stream)
                canvas.merge(part, index)
    paint_weather(canvas, field["sky"], Dice(field["seed"], stream=4))
    return canvas.finish()


def _paint_land(canvas: Canvas, name: str, field: dict[str, Tensor]) -> Tensor:
    """Sky and landscape of scenes that share a landscape; returns the horizon [n, 1, 1]."""
    dice = Dice(field["seed"], stream=1)
    horizon = dice.roll(*HORIZONS[name])
    # An empty landscape keeps its middle free, like one with a centred object.
    place = torch.where(field["object"] >= 0, field["place"], torch.ones_like(field["place"]))
    side = (place - 1).float()[:, None, None]
    paint_sky(canvas, field["sky"], horizon, dice)
    land = Land(canvas=canvas, dice=dice, horizon=horizon, snow=is_sky(field["sky"], "snow"), side=side)
    LAND_PAINTERS[name](land)
    paint_fog(canvas, field["sky"], dice.fork(5))
    return horizon


def _paint_object(canvas: Canvas, name: str, field: dict[str, Tensor], stream: int) -> None:
    """One object in scenes that share its kind, with the water or the islet it needs."""
    dice = Dice(field["seed"], stream=stream)
    second = stream == 3
    height = palette.constant(_HEIGHTS, canvas.rgb.device)[field["size"]][:, None, None] * dice.roll(0.93, 1.07)
    if second:
        height = 0.22 + 0.05 * dice.roll(0, 1)
    if name in ("car", "whale"):
        height = height * 0.82
    # Large objects stand closer to the middle, so that they stay in the picture.
    offset = torch.minimum(dice.roll(0.245, 0.285), 0.49 - 0.58 * height)
    centre = 0.5 + (field["place"] - 1).float()[:, None, None] * offset + dice.roll(-0.02, 0.02)
    if not second:
        centre = centre + canvas.motion["drift"]
    wet = torch.zeros_like(field["landscape"], dtype=torch.bool)
    for landscape in WET_LANDSCAPES:
        wet |= field["landscape"] == LANDSCAPES.index(landscape)
    wet = wet.float()[:, None, None]
    if name in FLYING:
        base = dice.roll(0.10, 0.20) + height
    else:
        low = torch.maximum(field["horizon"] + 0.13, 0.70 + height * 0.36)
        base = low.clamp(max=0.90) + dice.roll(0.0, 0.04) - (0.09 if second else 0.0)
        if name in FLOATING:
            base = base + 0.014 * torch.sin(canvas.motion["swell"] * 2 * math.pi)
        _paint_base(canvas, name, (canvas.x - centre, canvas.y - base), height, wet)
    base = base - (0 if second else canvas.motion["lift"])
    flip = dice.chance(0.5) * 2 - 1
    x = (canvas.x - centre) / height * flip
    y = (canvas.y - base) / height
    OBJECT_PAINTERS[name](Brush(canvas, x, y, height, canvas.named(field["colour"])))
    if name in FLOATING:
        _paint_bow_wave(canvas, (canvas.x - centre, canvas.y - base), height)


def _paint_base(canvas: Canvas, name: str, where: tuple[Tensor, Tensor], height: Tensor, wet: Tensor) -> None:
    """A pond under floating things on land, an islet under standing things on water, a shadow on land."""
    x, y = where[0] / height, where[1] / height
    n = len(height)
    time = canvas.time
    if name in FLOATING:
        pond = shapes.ellipse(x, y - 0.02, 0.95, 0.20) * height
        water = palette.by_time(palette.WATER_NEAR, time) * 0.55 + palette.by_time(palette.WATER_FAR, time) * 0.45
        canvas.fill(pond + 1e3 * wet, water, Role.WATER)
        rim = pond.abs() - 0.004
        canvas.fill(rim + 1e3 * wet, palette.by_time(palette.GLITTER, time), Role.STROKE, 0.5)
        return
    sand = palette.constant(palette.rgb("#e5c88e"), y.device).expand(n, 3)
    grass = palette.constant(palette.rgb("#6fa668"), y.device).expand(n, 3)
    islet = torch.maximum(shapes.ellipse(x, y - 0.10, 0.92, 0.22), y - 0.12) * height
    canvas.fill(islet + 1e3 * (1 - wet), palette.lit_ground(sand, time, 0.0), Role.NEAR)
    turf = torch.maximum(shapes.ellipse(x, y - 0.07, 0.80, 0.17), y - 0.045) * height
    canvas.fill(turf + 1e3 * (1 - wet), palette.lit_ground(grass, time, 0.0), Role.MOOD)
    shadow = shapes.ellipse(x - 0.06, y, 0.62, 0.075) * height
    canvas.fill(shadow, palette.by_time(palette.AMBIENT, time) * 0.35, Role.MOOD, 0.28)


def _paint_bow_wave(canvas: Canvas, where: tuple[Tensor, Tensor], height: Tensor) -> None:
    """A few light strokes where a hull meets the water."""
    x, y = where[0] / height, where[1] / height
    light = palette.by_time(palette.GLITTER, canvas.time)
    for dx, dy, half in ((0.0, 0.025, 0.46), (0.12, 0.085, 0.26), (-0.18, 0.13, 0.16)):
        wave = shapes.box(x - dx, y - dy + 0.012 * torch.sin(x * 22), half, 0.014) * height
        canvas.fill(wave, light, Role.STROKE, 0.7)
