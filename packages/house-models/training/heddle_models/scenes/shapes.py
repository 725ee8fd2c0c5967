"""Signed distances (negative inside) of the shapes that scenes are drawn with.

All arguments broadcast: coordinates are [n, H, W] (or [1, H, W]), sizes are numbers or [n, 1, 1]. Distances have
the unit of the coordinates. Formulas follow https://iquilezles.org/articles/distfunctions2d/.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor


def circle(x: Tensor, y: Tensor, radius) -> Tensor:
    """A disc around the origin."""
    return torch.sqrt(x * x + y * y) - radius


def ellipse(x: Tensor, y: Tensor, a: float, b: float) -> Tensor:
    """An ellipse with half axes ``a``, ``b``; the distance is approximate away from the edge."""
    k = torch.sqrt((x / a) ** 2 + (y / b) ** 2)
    return (k - 1.0) * min(a, b)


def box(x: Tensor, y: Tensor, half_width, half_height, radius: float = 0.0) -> Tensor:
    """An axis-aligned box, corners rounded by ``radius``."""
    qx = x.abs() - half_width + radius
    qy = y.abs() - half_height + radius
    outside = torch.sqrt(qx.clamp(min=0) ** 2 + qy.clamp(min=0) ** 2)
    return outside + torch.maximum(qx, qy).clamp(max=0) - radius


def rect(x: Tensor, y: Tensor, edges: tuple[float, float, float, float]) -> Tensor:
    """A box given as (left, top, right, bottom)."""
    left, top, right, bottom = edges
    return box(x - (left + right) / 2, y - (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2)


def convex(x: Tensor, y: Tensor, points: list[tuple[float, float]]) -> Tensor:
    """A convex polygon with corners in clockwise order on screen (y down); exact inside, a bound outside."""
    distance = None
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        length = math.hypot(x1 - x0, y1 - y0)
        nx, ny = (y1 - y0) / length, -(x1 - x0) / length
        side = (x - x0) * nx + (y - y0) * ny
        distance = side if distance is None else torch.maximum(distance, side)
    return distance


def segment(x: Tensor, y: Tensor, start: tuple[float, float], end: tuple[float, float], radius: float) -> Tensor:
    """A stroke with round ends from ``start`` to ``end``, ``radius`` being half its width."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    px, py = x - start[0], y - start[1]
    along = ((px * dx + py * dy) / (dx * dx + dy * dy)).clamp(0, 1)
    return torch.sqrt((px - along * dx) ** 2 + (py - along * dy) ** 2) - radius


def union(*parts: Tensor) -> Tensor:
    """Inside any of the parts."""
    result = parts[0]
    for part in parts[1:]:
        result = torch.minimum(result, part)
    return result


def cut(shape: Tensor, *others: Tensor) -> Tensor:
    """Inside the shape and all of the others."""
    for other in others:
        shape = torch.maximum(shape, other)
    return shape


def rotate(x: Tensor, y: Tensor, angle: float) -> tuple[Tensor, Tensor]:
    """Coordinates turned so that a shape drawn in them appears turned clockwise by ``angle`` radians."""
    c, s = math.cos(angle), math.sin(angle)
    return c * x + s * y, c * y - s * x
