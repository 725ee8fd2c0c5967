"""Rendered illustrations: flat shapes, outlines, gradients and lettering.

People upscale drawings as well as photographs, and crisp edges between flat colours are what a
network trained on photographs alone rings on. Drawn at four times the size and reduced, so edges
are antialiased the way a vector renderer's are.
"""

from __future__ import annotations

import math
import random

from PIL import Image, ImageDraw, ImageFont

OVERSAMPLING = 4
WORDS = ("Heddle", "loom", "AGQR 2046", "weave & warp", "Δx = 3.14", "picture", "nodes", "No. 7")

Colour = tuple[int, int, int]


def draw_illustration(rng: random.Random, size: int) -> Image.Image:
    """Draws one illustration.

    Args:
        rng: the source of every choice; the same state gives the same picture.
        size: side in pixels.

    Returns:
        An RGB picture of `size` x `size`.
    """
    side = size * OVERSAMPLING
    palette = [_colour(rng) for _ in range(rng.randint(3, 7))]
    image = _background(rng, side, palette)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.randint(3, 26)):
        _shape(rng, draw, side, palette)
    for _ in range(rng.choice((0, 0, 1, 3, 8))):
        _lettering(rng, draw, side, palette)
    return image.resize((size, size), Image.Resampling.BOX)


def _colour(rng: random.Random) -> Colour:
    if rng.random() < 0.15:
        return rng.choice(((0, 0, 0), (255, 255, 255), (24, 24, 32), (245, 240, 228)))
    return (rng.randint(0, 255), rng.randint(0, 255), rng.randint(0, 255))


def _background(rng: random.Random, side: int, palette: list[Colour]) -> Image.Image:
    first, second = rng.choice(palette), rng.choice(palette)
    if rng.random() < 0.5:
        return Image.new("RGB", (side, side), first)
    ramp = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize((side, side))
    return Image.composite(Image.new("RGB", (side, side), first), Image.new("RGB", (side, side), second), ramp)


def _shape(rng: random.Random, draw: ImageDraw.ImageDraw, side: int, palette: list[Colour]) -> None:
    x, y = rng.uniform(-0.1, 1.1) * side, rng.uniform(-0.1, 1.1) * side
    radius = side * rng.uniform(0.01, 0.3)
    fill = rng.choice(palette)
    width = max(1, int(OVERSAMPLING * rng.uniform(0.6, 7)))
    outline = rng.choice(palette) if rng.random() < 0.5 else None
    kind = rng.choice(("ellipse", "box", "polygon", "star", "stroke", "arc", "stripes"))
    box = (x - radius, y - radius * rng.uniform(0.3, 1), x + radius, y + radius)
    if kind == "ellipse":
        draw.ellipse(box, fill=fill, outline=outline, width=width)
    elif kind == "box":
        draw.rounded_rectangle(box, radius * rng.choice((0, 0, 0.1, 0.25)), fill=fill, outline=outline, width=width)
    elif kind == "polygon":
        points = _ring(rng, x, y, [radius * rng.uniform(0.5, 1) for _ in range(rng.randint(3, 8))])
        draw.polygon(points, fill=fill, outline=outline, width=width)
    elif kind == "star":
        spikes = rng.randint(4, 12)
        draw.polygon(_ring(rng, x, y, [radius, radius * rng.uniform(0.3, 0.7)] * spikes), fill=fill)
    elif kind == "stroke":
        draw.line(_curve(rng, x, y, radius * 3), fill=fill, width=width, joint="curve")
    elif kind == "arc":
        start = rng.uniform(0, 360)
        draw.arc(box, start, start + rng.uniform(30, 330), fill=fill, width=width)
    else:
        _stripes(rng, draw, box, (fill, width))


def _ring(rng: random.Random, x: float, y: float, radii: list[float]) -> list[tuple[float, float]]:
    turn = rng.uniform(0, math.tau)
    step = math.tau / len(radii)
    return [(x + r * math.cos(turn + i * step), y + r * math.sin(turn + i * step)) for i, r in enumerate(radii)]


def _curve(rng: random.Random, x: float, y: float, reach: float) -> list[tuple[float, float]]:
    ends = [(x + rng.uniform(-reach, reach), y + rng.uniform(-reach, reach)) for _ in range(4)]
    points = []
    for i in range(33):
        t = i / 32
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        points.append(tuple(sum(w * end[axis] for w, end in zip(weights, ends, strict=True)) for axis in (0, 1)))
    return points


def _stripes(
    rng: random.Random, draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], ink: tuple[Colour, int]
) -> None:
    left, top, right, bottom = box
    slant = rng.uniform(-0.5, 0.5) * (right - left)
    count = rng.randint(3, 14)
    for i in range(count):
        x = left + (right - left) * i / count
        draw.line((x, top, x + slant, bottom), fill=ink[0], width=ink[1])


def _lettering(rng: random.Random, draw: ImageDraw.ImageDraw, side: int, palette: list[Colour]) -> None:
    font = ImageFont.load_default(size=OVERSAMPLING * rng.uniform(9, 60))
    position = (rng.uniform(-0.1, 0.8) * side, rng.uniform(0, 0.95) * side)
    draw.text(position, rng.choice(WORDS), font=font, fill=rng.choice(palette))
