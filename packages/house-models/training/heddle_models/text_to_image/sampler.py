"""Sampling: Euler steps of the rectified flow dx/dt = v, from noise (t = 1) to picture (t = 0) (Liu et al., 2022).

x_t = (1 − t)·picture + t·noise and v = noise − picture, so picture = x_t − t·v. Image-to-image starts at t = strength
from the picture's latent mixed with noise; inpainting puts the known part of the latent, at the right noise, back after
every step.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import torch
from torch import Tensor

SHIFT = 1.6


def schedule(steps: int, strength: float = 1.0, shift: float = SHIFT) -> list[float]:
    """Times from ``strength`` down to 0, steps + 1 numbers.

    u runs evenly from u(strength) to 0 and t = shift·u / (1 + (shift − 1)·u) (Esser et al., 2024), which spends more
    steps where the layout is decided.
    """
    start = strength / (shift - (shift - 1) * strength)
    evenly = [start * (1 - i / steps) for i in range(steps + 1)]
    return [shift * u / (1 + (shift - 1) * u) for u in evenly]


def noise(seed: int, shape: tuple[int, ...]) -> Tensor:
    """Standard normal noise that any language can make again: a flat float32 tensor of ``shape``.

    Numbers come in pairs: pair i uses the 32-bit outputs 2i and 2i + 1 of SplitMix64 (upper halves) started at
    ``seed``, as u1 = (a + 0.5) / 2^32 and u2 = (b + 0.5) / 2^32, through Box–Muller: sqrt(−2 ln u1)·cos(2π u2), then
    the same with sin.
    """
    count = math.prod(shape)
    values = []
    state = seed & _MASK
    for _ in range((count + 1) // 2):
        state, first = _split_mix(state)
        state, second = _split_mix(state)
        radius = math.sqrt(-2 * math.log((first + 0.5) / 2**32))
        angle = 2 * math.pi * (second + 0.5) / 2**32
        values += [radius * math.cos(angle), radius * math.sin(angle)]
    return torch.tensor(values[:count], dtype=torch.float32).view(shape)


_MASK = (1 << 64) - 1


def _split_mix(state: int) -> tuple[int, int]:
    """One step of SplitMix64 (Steele et al., 2014): the new state and the upper 32 bits of its output."""
    state = (state + 0x9E3779B97F4A7C15) & _MASK
    z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return state, (z ^ (z >> 31)) >> 32


def euler(velocity: Callable[[Tensor, float], Tensor], latent: Tensor, times: list[float]) -> Tensor:
    """Follow ``velocity(x, t)`` along ``times``; latent [B, C, s, s] at times[0] → at times[-1]."""
    for now, later in itertools.pairwise(times):
        latent = latent + (later - now) * velocity(latent, now)
    return latent


def guided(
    denoiser: Callable[..., Tensor], text: Tensor, empty: Tensor, guidance: float, distilled: bool
) -> Callable[[Tensor, float], Tensor]:
    """The velocity under guidance; text and empty are text tokens [B, T, w].

    A distilled denoiser takes guidance as an input; the plain one runs twice (Ho & Salimans, 2022).
    """
    batch = len(text)
    one = torch.ones(batch, device=text.device)

    def velocity(x: Tensor, t: float) -> Tensor:
        if distilled:
            return denoiser(x, one * t, one * guidance, text)
        if guidance == 1:
            return denoiser(x, one * t, one, text)
        both = denoiser(torch.cat([x, x]), one.repeat(2) * t, one.repeat(2), torch.cat([text, empty]))
        with_text, without = both.chunk(2)
        return without + guidance * (with_text - without)

    return velocity
