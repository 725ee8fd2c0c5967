"""Random numbers that depend on a scene's own seed only, so a scene looks the same in any batch and on any device."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

_MIX_A = -7046029254386353131
_MIX_B = -4658895280553007687
_MIX_C = -7723592293110705685


def uniform_table(seed: Tensor, count: int, stream: int) -> Tensor:
    """Uniform numbers in [0, 1); seed int64 [n] → float32 [n, count].

    SplitMix64's finaliser (Steele et al., 2014) over (seed, stream, column), on wrapping int64.
    """
    column = torch.arange(count, device=seed.device) + (stream << 20) + 1
    h = seed[:, None] + column[None, :] * _MIX_A
    h = (h ^ ((h >> 30) & 0x3FFFFFFFF)) * _MIX_B
    h = (h ^ ((h >> 27) & 0x1FFFFFFFFF)) * _MIX_C
    h = h ^ ((h >> 31) & 0x1FFFFFFFF)
    return (h & 0xFFFFFF).to(torch.float32) / 16777216.0


class Dice:
    """Successive uniform draws for n scenes at once, out of one table made up front."""

    def __init__(self, seed: Tensor, stream: int, count: int = 256) -> None:
        self._seed = seed
        self._table = uniform_table(seed, count, stream)
        self._stream = stream
        self._next = 0

    def fork(self, number: int) -> Dice:
        """Dice of their own for a part that only some batches paint, so that it shifts nobody else's draws."""
        return Dice(self._seed, self._stream * 64 + number, count=96)

    def roll(self, low: float, high: float) -> Tensor:
        """One number in [low, high) per scene, shape [n, 1, 1]."""
        value = self._table[:, self._next, None, None]
        self._next += 1
        return value * (high - low) + low

    def chance(self, probability: float) -> Tensor:
        """1.0 with the given probability, else 0.0; shape [n, 1, 1]."""
        return (self.roll(0, 1) < probability).float()

    def row(self, count: int) -> Tensor:
        """``count`` numbers in [0, 1) per scene, shape [n, count]."""
        values = self._table[:, self._next : self._next + count]
        self._next += count
        return values

    def lattice(self, rows: int, columns: int) -> Tensor:
        """A grid of numbers in [0, 1) per scene, shape [n, rows, columns]."""
        self._next += 1
        values = uniform_table(self._seed, rows * columns, self._stream * 1000 + self._next)
        return values.view(-1, rows, columns)


def smooth_noise(dice: Dice, cells: int, size: int) -> Tensor:
    """Smooth noise in about [-1, 1] with ``cells`` bumps across; shape [n, 1, size, size]."""
    grid = dice.lattice(cells + 1, cells + 1)[:, None] * 2 - 1
    return F.interpolate(grid, size=(size, size), mode="bicubic", align_corners=True)


def cloudy_noise(dice: Dice, cells: int, size: int, octaves: int = 3) -> Tensor:
    """Several octaves of smooth noise added up, in about [-1, 1]; shape [n, 1, size, size]."""
    total = smooth_noise(dice, cells, size)
    weight = 1.0
    for octave in range(1, octaves):
        step = min(cells * 2**octave, size - 1)
        total = total + 0.5**octave * smooth_noise(dice, step, size)
        weight += 0.5**octave
    return total / weight


def pick(table: Tensor, index: Tensor) -> Tensor:
    """table [n, K], index int64 [n, H, W] with values in [0, K) → [n, H, W]."""
    n = table.shape[0]
    index = index.expand(n, *index.shape[1:])
    return table.gather(1, index.reshape(n, -1)).view(index.shape)
