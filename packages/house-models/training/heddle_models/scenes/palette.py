"""Colours: what named colours look like, and what the time of day does to them. Values are sRGB in 0–1."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor


def rgb(code: str) -> tuple[float, float, float]:
    """'#9fd3ea' → three numbers in 0–1."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


@lru_cache(maxsize=1024)
def constant(values: tuple, device: torch.device) -> Tensor:
    """Numbers as a tensor that stays on its device (copying small things to a GPU costs more than using them)."""
    return torch.tensor(values, dtype=torch.float32, device=device)


# In the order of attributes.COLOURS.
NAMED = tuple(rgb(c) for c in ("#d8402f", "#f08a24", "#f6cf45", "#4a9e57", "#2f73cf", "#7a4bb0", "#f490b5", "#f8f5ec"))
# The same names as light on a dark ground (neon tubes, chalk).
NAMED_BRIGHT = tuple(
    rgb(c) for c in ("#ff3b3b", "#ff8b1f", "#ffe14a", "#35f07a", "#3d8bff", "#b15cff", "#ff7ac8", "#ffffff")
)

# In the order of attributes.TIMES: dawn, day, dusk, night.
SKY_TOP = tuple(rgb(c) for c in ("#b9cbe6", "#86c7ea", "#4a3a7c", "#0c1738"))
SKY_MIDDLE = tuple(rgb(c) for c in ("#f6dcd6", "#bfe3f0", "#d7607c", "#182c5c"))
SKY_LOW = tuple(rgb(c) for c in ("#ffd2b3", "#edf7f0", "#ffab6b", "#2c4a86"))
HAZE = tuple(rgb(c) for c in ("#dcc6d2", "#b9d8e2", "#b0607f", "#27437c"))
SUN = tuple(rgb(c) for c in ("#ff9273", "#ffd45e", "#ffe39b", "#f6efca"))
CLOUD = tuple(rgb(c) for c in ("#fff1e6", "#ffffff", "#f7a188", "#3b5288"))
WATER_FAR = tuple(rgb(c) for c in ("#f3d3c4", "#86c8dc", "#f3a173", "#274a86"))
WATER_NEAR = tuple(rgb(c) for c in ("#8fa9c8", "#2f82a8", "#4b3f7c", "#0d1d47"))
GLITTER = tuple(rgb(c) for c in ("#ffc4a6", "#fff0b0", "#ffd98f", "#c9d3e6"))
WINDOW = tuple(rgb(c) for c in ("#ffe2a0", "#d9eef5", "#ffcf6a", "#ffd774"))

# Ground colours are multiplied by LIGHT and pulled towards AMBIENT by AMBIENT_SHARE.
LIGHT = ((0.98, 0.88, 0.92), (1.0, 1.0, 1.0), (0.80, 0.54, 0.64), (0.30, 0.39, 0.68))
AMBIENT = tuple(rgb(c) for c in ("#b49ec0", "#9ccfe0", "#4d2f78", "#16295a"))
AMBIENT_SHARE = (0.30, 0.0, 0.46, 0.42)
# Named objects keep their colour better than the ground does, so that their name stays readable.
OBJECT_LIGHT = ((1.0, 0.95, 0.94), (1.0, 1.0, 1.0), (0.94, 0.80, 0.84), (0.80, 0.82, 0.96))
OBJECT_SHARE = (0.04, 0.0, 0.07, 0.08)

# Ink: paper, ink and low sky. Neon: sky top, sky low. Blueprint: paper top, paper low.
INK_PAPER = tuple(rgb(c) for c in ("#f6e3dc", "#f4f0e2", "#f0c9a0", "#1c2136"))
INK_PAPER_LOW = tuple(rgb(c) for c in ("#fbd0bd", "#f4f0e2", "#e58a63", "#262d49"))
INK_LINE = tuple(rgb(c) for c in ("#2b2733", "#20222b", "#2c1e2b", "#efe9d4"))
INK_SOLID = tuple(rgb(c) for c in ("#3a3442", "#262832", "#34222f", "#0d101e"))
INK_SUN = tuple(rgb(c) for c in ("#f0795c", "#d9452f", "#c8321f", "#efe6c4"))
NEON_TOP = tuple(rgb(c) for c in ("#2a1650", "#0b2a5c", "#1c0836", "#070418"))
NEON_LOW = tuple(rgb(c) for c in ("#a8527e", "#1f7a9c", "#8c2440", "#1b0d40"))
NEON_SUN = tuple(rgb(c) for c in ("#ffb08a", "#ffe85a", "#ff4f7b", "#7ff2ff"))
BLUE_TOP = tuple(rgb(c) for c in ("#5a6db8", "#1c55a4", "#4a3590", "#0b1a40"))
BLUE_LOW = tuple(rgb(c) for c in ("#c08fae", "#2465b4", "#b0566e", "#12285c"))
BLUE_LINE = tuple(rgb(c) for c in ("#f7f2fb", "#e4f0ff", "#f9e9ee", "#b9d0f4"))


def by_time(table: tuple, time: Tensor) -> Tensor:
    """Rows of a table indexed by time of day; time int64 [n] → [n, 3] (or [n])."""
    return constant(table, time.device)[time]


def lit_ground(colour: Tensor, time: Tensor, depth: float | Tensor) -> Tensor:
    """Daylight ground colour [n, 3] → what it looks like at ``time``; depth 0 (near) to 1 (lost in haze)."""
    share = by_time(AMBIENT_SHARE, time)[:, None]
    lit = colour * by_time(LIGHT, time)
    lit = lit + (by_time(AMBIENT, time) - lit) * share
    return lit + (by_time(HAZE, time) - lit) * depth


def lit_object(colour: Tensor, time: Tensor) -> Tensor:
    """Daylight object colour [n, 3] → what it looks like at ``time``."""
    share = by_time(OBJECT_SHARE, time)[:, None]
    lit = colour * by_time(OBJECT_LIGHT, time)
    return lit + (by_time(AMBIENT, time) - lit) * share
