"""The fifteen objects. Each is drawn in its own coordinates: x from -0.6 to 0.6, y from -1 (top) to 0 (ground)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from . import palette, shapes
from .canvas import Canvas, Role


@dataclass
class Brush:
    """Paints one object on a canvas.

    ``x``, ``y`` are object coordinates [n, H, W]; ``scale`` [n, 1, 1] the object's height in picture sides;
    ``body`` [n, 3] its named colour as it looks here.
    """

    canvas: Canvas
    x: Tensor
    y: Tensor
    scale: Tensor
    body: Tensor

    def fill(self, distance: Tensor, colour: Tensor, role: Role, opacity: float = 1.0) -> None:
        """Paint a shape given in object units."""
        self.canvas.fill(distance * self.scale, colour, role, opacity)

    def main(self, distance: Tensor) -> None:
        """Paint a shape in the object's named colour."""
        self.fill(distance, self.body, Role.BODY)

    def shade(self, distance: Tensor, strength: float = 0.16) -> None:
        """Darken a part of the body."""
        self.fill(distance, self.body * (1 - strength), Role.SHADE)

    def detail(self, distance: Tensor, code: str, role: Role, opacity: float = 1.0) -> None:
        """Paint a shape in a daylight colour of its own."""
        colour = palette.constant(palette.rgb(code), self.body.device).expand(len(self.body), 3)
        self.fill(distance, palette.lit_object(colour, self.canvas.time), role, opacity)

    def lamp(self, distance: Tensor) -> None:
        """Paint a window or lamp."""
        self.fill(distance, palette.by_time(palette.WINDOW, self.canvas.time), Role.GLOW)

    def line(self, start: tuple[float, float], end: tuple[float, float], width: float, code: str = "#4a3b38") -> None:
        """Draw a thin straight part (mast, rope, pole)."""
        self.detail(shapes.segment(self.x, self.y, start, end, width / 2), code, Role.STROKE)


def house(b: Brush) -> None:
    """A gabled house with a door, two windows and a chimney."""
    x, y = b.x, b.y
    b.detail(shapes.rect(x, y, (0.2, -0.98, 0.33, -0.6)), "#7a5a50", Role.DARK)
    body = shapes.rect(x, y, (-0.44, -0.58, 0.44, 0.0))
    b.main(body)
    b.shade(torch.maximum(body, 0.2 - x))
    roof = shapes.convex(x, y, [(0.0, -1.0), (0.58, -0.52), (-0.58, -0.52)])
    b.detail(roof, "#5c4a55", Role.DARK)
    b.detail(shapes.rect(x, y, (-0.10, -0.32, 0.10, 0.0)), "#6b4a3c", Role.DARK)
    b.lamp(shapes.union(shapes.rect(x, y, (-0.35, -0.42, -0.18, -0.22)), shapes.rect(x, y, (0.18, -0.42, 0.35, -0.22))))


def tree(b: Brush) -> None:
    """A round broad-leaved tree."""
    x, y = b.x, b.y
    b.detail(shapes.convex(x, y, [(-0.05, -0.5), (0.05, -0.5), (0.09, 0.0), (-0.09, 0.0)]), "#7a5542", Role.DARK)
    crown = shapes.union(
        shapes.circle(x, y + 0.70, 0.28),
        shapes.circle(x + 0.22, y + 0.50, 0.22),
        shapes.circle(x - 0.22, y + 0.50, 0.22),
        shapes.circle(x, y + 0.46, 0.22),
    )
    b.main(crown)
    b.shade(torch.maximum(crown, -(shapes.circle(x + 0.12, y + 0.66, 0.40))))
    for dx, dy in ((-0.12, -0.72), (0.08, -0.56), (-0.22, -0.48)):
        b.detail(shapes.circle(x - dx, y - dy, 0.035), "#ffffff", Role.MOOD, 0.28)


def boat(b: Brush) -> None:
    """A sailing boat."""
    x, y = b.x, b.y
    b.line((0.0, -0.98), (0.0, -0.2), 0.045)
    b.detail(shapes.convex(x, y, [(0.05, -0.92), (0.46, -0.30), (0.05, -0.30)]), "#fff7e8", Role.LIGHT)
    b.detail(shapes.convex(x, y, [(-0.05, -0.80), (-0.05, -0.30), (-0.34, -0.30)]), "#f1e4cf", Role.LIGHT)
    hull = shapes.cut(shapes.convex(x, y, [(-0.58, -0.25), (0.60, -0.25), (0.40, 0.02), (-0.40, 0.02)]))
    b.main(hull)
    b.shade(torch.maximum(hull, -0.08 - y))
    b.main(shapes.convex(x, y, [(0.0, -1.0), (0.0, -0.88), (-0.2, -0.94)]))


def balloon(b: Brush) -> None:
    """A hot-air balloon."""
    x, y = b.x, b.y
    top = shapes.circle(x, y + 0.66, 0.34)
    taper = shapes.convex(x, y, [(-0.29, -0.5), (0.29, -0.5), (0.10, -0.2), (-0.10, -0.2)])
    envelope = shapes.union(top, taper)
    b.line((-0.09, -0.22), (-0.07, -0.1), 0.02)
    b.line((0.09, -0.22), (0.07, -0.1), 0.02)
    b.main(envelope)
    width = torch.sqrt((0.34**2 - (y + 0.66) ** 2).clamp(min=0.004)).clamp(min=0.12)
    stripe = (x.abs() - width * 0.55).abs() - width * 0.13
    b.detail(torch.maximum(envelope + 0.012, stripe), "#fff4e0", Role.LIGHT)
    b.shade(torch.maximum(envelope, torch.maximum(width * 0.72 - x, -x)))
    b.detail(shapes.rect(x, y, (-0.09, -0.12, 0.09, 0.0)), "#8a5f42", Role.DARK)


def lighthouse(b: Brush) -> None:
    """A striped tower with a lamp."""
    x, y = b.x, b.y
    beam = torch.maximum(torch.maximum(-x + 0.1, (y + 0.83).abs() - 0.02 - (x - 0.1) * 0.16), x - 1.5)
    night = (b.canvas.time[:, None, None] >= 2).float()
    light = palette.by_time(palette.WINDOW, b.canvas.time)
    b.canvas.fill(beam * b.scale, light, Role.MOOD, (0.30 * night * (1 - x / 1.5).clamp(0, 1))[:, None])
    b.detail(shapes.ellipse(x, y + 0.0, 0.42, 0.12), "#6d6a72", Role.DARK)
    tower = shapes.convex(x, y, [(-0.13, -0.76), (0.13, -0.76), (0.20, -0.02), (-0.20, -0.02)])
    b.detail(tower, "#fbf6ea", Role.LIGHT)
    band = ((y + 0.02) / 0.296 % 1.0 - 0.5).abs() * 0.296 - 0.074
    b.main(torch.maximum(tower, band))
    b.shade(torch.maximum(tower, torch.maximum(band, 0.05 - x)))
    b.detail(shapes.rect(x, y, (-0.18, -0.79, 0.18, -0.75)), "#3d3a46", Role.DARK)
    b.lamp(shapes.rect(x, y, (-0.09, -0.89, 0.09, -0.79)))
    b.main(shapes.convex(x, y, [(0.0, -1.0), (0.14, -0.88), (-0.14, -0.88)]))


def bird(b: Brush) -> None:
    """A small round bird on the wing."""
    x, y = b.x, b.y
    b.main(shapes.convex(x, y, [(-0.60, -0.62), (-0.22, -0.52), (-0.24, -0.30)]))
    body = shapes.union(shapes.ellipse(x, y + 0.42, 0.36, 0.24), shapes.circle(x - 0.30, y + 0.55, 0.17))
    b.main(body)
    b.detail(shapes.cut(shapes.ellipse(x - 0.06, y + 0.27, 0.24, 0.14), body + 0.02), "#fff6e6", Role.LIGHT)
    wing = shapes.convex(x, y, [(-0.30, -1.0), (0.16, -0.52), (-0.14, -0.36)])
    b.shade(wing, 0.2)
    b.main(shapes.cut(wing + 0.03))
    b.detail(shapes.convex(x, y, [(0.45, -0.61), (0.62, -0.53), (0.45, -0.49)]), "#f2a33a", Role.DARK)
    b.detail(shapes.circle(x - 0.34, y + 0.60, 0.034), "#26232b", Role.DARK)


def car(b: Brush) -> None:
    """A little car seen from the side."""
    x, y = b.x, b.y
    cabin = shapes.convex(x, y, [(-0.20, -0.66), (0.16, -0.66), (0.34, -0.36), (-0.36, -0.36)]) - 0.03
    b.main(cabin)
    body = shapes.box(x, y + 0.25, 0.62, 0.15, 0.10)
    b.main(body)
    b.shade(torch.maximum(body, -0.19 - y))
    glass = shapes.convex(x, y, [(-0.17, -0.61), (0.13, -0.61), (0.26, -0.40), (-0.28, -0.40)])
    b.lamp(torch.maximum(glass, 0.025 - (x + 0.02).abs()))
    for centre in (-0.34, 0.34):
        b.detail(shapes.circle(x - centre, y + 0.11, 0.13), "#2e2c36", Role.DARK)
        b.detail(shapes.circle(x - centre, y + 0.11, 0.055), "#d8d5d0", Role.LIGHT)
    b.lamp(shapes.circle(x - 0.56, y + 0.29, 0.045))


def cactus(b: Brush) -> None:
    """A saguaro with two arms and a flower."""
    x, y = b.x, b.y
    plant = shapes.union(
        shapes.segment(x, y, (0.0, -0.82), (0.0, 0.0), 0.13),
        shapes.segment(x, y, (-0.31, -0.60), (-0.31, -0.40), 0.085),
        shapes.segment(x, y, (-0.31, -0.36), (0.0, -0.36), 0.085),
        shapes.segment(x, y, (0.31, -0.72), (0.31, -0.50), 0.085),
        shapes.segment(x, y, (0.31, -0.46), (0.0, -0.46), 0.085),
    )
    plant = torch.maximum(plant, y)
    b.main(plant)
    b.shade(torch.maximum(plant, torch.maximum(0.05 - x, x - 0.2)))
    for rib in (-0.05, 0.035):
        b.detail(shapes.rect(x, y, (rib - 0.01, -0.82, rib + 0.01, -0.06)), "#ffffff", Role.MOOD, 0.3)
    b.detail(shapes.circle(x, y + 0.95, 0.055), "#f58fb5", Role.LIGHT)


def tent(b: Brush) -> None:
    """A ridge tent with an open flap."""
    x, y = b.x, b.y
    b.line((0.0, -0.98), (0.0, -0.75), 0.035)
    body = shapes.convex(x, y, [(0.0, -0.80), (0.62, 0.0), (-0.62, 0.0)])
    b.main(body)
    b.shade(torch.maximum(body, 0.0 - x + (y + 0.8) * 0.25))
    b.lamp(shapes.convex(x, y, [(0.0, -0.56), (0.20, 0.0), (-0.20, 0.0)]))
    b.detail(shapes.convex(x, y, [(0.0, -0.56), (0.0, 0.0), (-0.20, 0.0)]), "#4a3b44", Role.DARK)
    b.main(shapes.convex(x, y, [(0.0, -1.0), (0.2, -0.93), (0.0, -0.86)]))


def windmill(b: Brush) -> None:
    """A tower mill with four sails."""
    x, y = b.x, b.y
    tower = shapes.convex(x, y, [(-0.14, -0.60), (0.14, -0.60), (0.25, 0.0), (-0.25, 0.0)])
    b.main(tower)
    b.shade(torch.maximum(tower, 0.06 - x))
    b.detail(torch.maximum(shapes.circle(x, y + 0.58, 0.17), y + 0.57), "#5c4a55", Role.DARK)
    b.detail(shapes.rect(x, y, (-0.07, -0.17, 0.07, 0.0)), "#5a4038", Role.DARK)
    b.lamp(shapes.rect(x, y, (-0.055, -0.42, 0.055, -0.30)))
    for quarter in range(4):
        u, v = shapes.rotate(x, y + 0.62, 0.55 + quarter * 1.5708)
        b.detail(shapes.rect(u, v, (0.0, -0.40, 0.10, -0.09)), "#fbf4e4", Role.LIGHT)
        b.detail(shapes.rect(u, v, (-0.018, -0.42, 0.018, 0.0)), "#5a463e", Role.STROKE)
    b.detail(shapes.circle(x, y + 0.62, 0.04), "#3a3036", Role.DARK)


def castle(b: Brush) -> None:
    """A keep between two round towers with pointed roofs."""
    x, y = b.x, b.y
    wall = shapes.rect(x, y, (-0.34, -0.50, 0.34, 0.0))
    teeth = torch.maximum(shapes.rect(x, y, (-0.34, -0.58, 0.34, -0.46)), 0.035 - ((x + 0.5) % 0.14 - 0.07).abs())
    b.main(shapes.union(wall, teeth))
    sides = shapes.box(x.abs() - 0.42, y + 0.33, 0.14, 0.33)
    keep = shapes.rect(x, y, (-0.14, -0.74, 0.14, -0.3))
    b.main(keep)
    b.main(sides)
    b.shade(torch.maximum(shapes.union(sides, keep), 0.06 - (x.abs() - 0.42 * (x.abs() > 0.26)) * torch.sign(x)))
    roofs = shapes.convex(x.abs(), y, [(0.42, -0.95), (0.60, -0.64), (0.24, -0.64)])
    b.detail(roofs, "#5a4a68", Role.DARK)
    b.detail(shapes.convex(x, y, [(0.0, -1.0), (0.18, -0.72), (-0.18, -0.72)]), "#5a4a68", Role.DARK)
    door = shapes.union(shapes.rect(x, y, (-0.10, -0.18, 0.10, 0.0)), shapes.circle(x, y + 0.18, 0.10))
    b.detail(door, "#4c3a3e", Role.DARK)
    b.lamp(
        shapes.union(shapes.box(x.abs() - 0.42, y + 0.42, 0.035, 0.06), shapes.rect(x, y, (-0.04, -0.62, 0.04, -0.5)))
    )


def rocket(b: Brush) -> None:
    """A stubby rocket on its way up."""
    x, y = shapes.rotate(b.x, b.y + 0.5, 0.42)
    y = y - 0.5
    flame = shapes.ellipse(x, y + 0.10, 0.10, 0.19)
    b.detail(flame, "#ffb13d", Role.LIGHT)
    b.detail(shapes.ellipse(x, y + 0.14, 0.05, 0.11), "#fff0b8", Role.MOOD)
    fins = shapes.convex(x.abs(), y, [(0.10, -0.44), (0.33, -0.20), (0.30, -0.10), (0.10, -0.20)])
    b.detail(fins, "#5a4a68", Role.DARK)
    hull = torch.maximum(shapes.circle(x.abs() + 0.34, y + 0.56, 0.55), y + 0.18)
    b.main(hull)
    b.shade(torch.maximum(hull, 0.07 - x))
    b.detail(torch.maximum(hull, y + 0.80), "#fbf6ea", Role.LIGHT)
    b.detail(shapes.circle(x, y + 0.60, 0.095), "#fbf6ea", Role.LIGHT)
    b.lamp(shapes.circle(x, y + 0.60, 0.06))


def cat(b: Brush) -> None:
    """A sitting cat that looks at you."""
    x, y = b.x, b.y
    tail = torch.maximum((shapes.circle(x - 0.34, y + 0.22, 0.16).abs() - 0.05), -y - 0.32 - (x - 0.2) * 0.4)
    b.main(torch.maximum(tail, y))
    body = torch.maximum(shapes.ellipse(x, y + 0.20, 0.28, 0.40), y)
    b.main(body)
    b.shade(torch.maximum(body, 0.10 - x))
    head = shapes.union(
        shapes.ellipse(x, y + 0.66, 0.28, 0.23),
        shapes.convex(x.abs(), y, [(0.23, -1.0), (0.27, -0.68), (0.05, -0.82)]),
    )
    b.main(head)
    b.detail(shapes.ellipse(x, y + 0.20, 0.13, 0.20), "#fff6e6", Role.LIGHT)
    b.detail(shapes.ellipse(x.abs() - 0.11, y + 0.68, 0.045, 0.055), "#26232b", Role.DARK)
    b.detail(shapes.convex(x, y, [(-0.035, -0.61), (0.035, -0.61), (0.0, -0.56)]), "#d9707e", Role.DARK)


def whale(b: Brush) -> None:
    """A whale at the surface, blowing."""
    x, y = b.x, b.y
    for side in (-1, 1):
        spout = shapes.circle(x + 0.16 - side * 0.11, y + 0.70, 0.11).abs() - 0.025
        b.detail(torch.maximum(spout, y + 0.66), "#dff1fa", Role.LIGHT)
    b.detail(shapes.rect(x, y, (-0.185, -0.72, -0.135, -0.52)), "#dff1fa", Role.LIGHT)
    tail = shapes.union(
        shapes.convex(x, y, [(0.36, -0.72), (0.56, -0.52), (0.50, -0.40)]),
        shapes.convex(x, y, [(0.72, -0.66), (0.62, -0.40), (0.50, -0.44)]),
        shapes.convex(x, y, [(0.50, -0.50), (0.62, -0.46), (0.46, 0.0), (0.20, -0.16)]),
    )
    body = torch.maximum(shapes.union(shapes.ellipse(x + 0.10, y + 0.14, 0.52, 0.40), tail), y)
    b.main(body)
    belly = torch.maximum(shapes.ellipse(x + 0.16, y - 0.02, 0.46, 0.17), torch.maximum(body + 0.02, y))
    b.detail(belly, "#fbf4ea", Role.LIGHT)
    b.detail(shapes.circle(x + 0.36, y + 0.26, 0.04), "#26232b", Role.DARK)


def mushroom(b: Brush) -> None:
    """A toadstool with a spotted cap."""
    x, y = b.x, b.y
    b.detail(shapes.convex(x, y, [(-0.13, -0.55), (0.13, -0.55), (0.17, 0.0), (-0.17, 0.0)]), "#fbf1df", Role.LIGHT)
    cap = torch.maximum(shapes.ellipse(x, y + 0.44, 0.54, 0.54), y + 0.42)
    b.main(cap)
    b.shade(torch.maximum(cap, -(shapes.ellipse(x + 0.10, y + 0.46, 0.50, 0.50))))
    for dx, dy, r in ((-0.26, -0.60, 0.075), (0.04, -0.80, 0.085), (0.26, -0.58, 0.07), (-0.02, -0.54, 0.055)):
        b.detail(shapes.circle(x - dx, y - dy, r), "#fff8ec", Role.LIGHT)


PAINTERS = {
    "house": house,
    "tree": tree,
    "boat": boat,
    "balloon": balloon,
    "lighthouse": lighthouse,
    "bird": bird,
    "car": car,
    "cactus": cactus,
    "tent": tent,
    "windmill": windmill,
    "castle": castle,
    "rocket": rocket,
    "cat": cat,
    "whale": whale,
    "mushroom": mushroom,
}
