"""How small pictures are made of large ones for training: on the device, a batch at a time.

Mostly the antialiased bicubic that Pillow and libvips use, then other reduction filters and a little
JPEG, so that the network is exact on clean pictures and not confused by ordinary ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

from heddle_models.upscaler.network import SCALE, keys_cubic

MARGIN = 16
"""Pixels of the large picture needed around a crop, so that no filter reads past its edge."""

LUMA_TABLE = (
    "16 11 10 16 24 40 51 61 12 12 14 19 26 58 60 55 14 13 16 24 40 57 69 56 14 17 22 29 51 87 80 62 "
    "18 22 37 56 68 109 103 77 24 35 55 64 81 104 113 92 49 64 78 87 103 121 120 101 72 92 95 98 112 100 103 99"
)
CHROMA_TABLE = (
    "17 18 24 47 99 99 99 99 18 21 26 66 99 99 99 99 24 26 56 99 99 99 99 99 47 66 99 99 99 99 99 99 " + "99 " * 32
)
"""Quantisation tables of ITU-T T.81, annex K."""


@dataclass(frozen=True)
class Mix:
    """Share of a batch for each reduction filter, and the share that is then compressed as JPEG."""

    bicubic: float = 0.62
    lanczos: float = 0.23
    box: float = 0.15
    jpeg: float = 0.15
    jpeg_quality: tuple[int, int] = (62, 98)


def reduce_batch(large: Tensor, mix: Mix, generator: torch.Generator, shift: tuple[int, int] = (0, 0)) -> Tensor:
    """Reduces a batch four times, each part by its own filter, and rounds to 8 bits.

    Args:
        large: B x 3 x (4h + 2 MARGIN) x (4w + 2 MARGIN), 0..1.
        mix: the shares.
        generator: on the device of `large`.
        shift: where the 8x8 grid of JPEG starts in this batch.

    Returns:
        B x 3 x h x w, 0..1; what `large`, less its margin, looks like at a quarter of the size.
    """
    count = large.shape[0]
    first, second = round(count * mix.bicubic), round(count * (mix.bicubic + mix.lanczos))
    parts = (("bicubic", large[:first]), ("lanczos", large[first:second]), ("box", large[second:]))
    small = torch.cat([reduce_by(part, name) for name, part in parts if len(part)])
    # A share of the pictures already lost detail before: spread over all three filters.
    chosen = torch.randperm(count, generator=generator, device=large.device)[: round(count * mix.jpeg)]
    if len(chosen):
        low, high = mix.jpeg_quality
        quality = torch.randint(low, high + 1, (len(chosen),), generator=generator, device=large.device)
        small[chosen] = jpeg(small[chosen], quality, shift)
    return (small.clamp(0, 1) * 255).round() / 255


def reduce_by(large: Tensor, name: str) -> Tensor:
    """Reduces B x C x (4h + 2 MARGIN) x (4w + 2 MARGIN) by one named filter to B x C x h x w."""
    taps = _taps(name, large.device)
    channels = large.shape[1]
    cut = MARGIN - (len(taps) - SCALE) // 2
    large = large[:, :, cut : large.shape[2] - cut, cut : large.shape[3] - cut]
    rows = F.conv2d(large, taps.view(1, 1, -1, 1).expand(channels, 1, -1, 1), stride=(SCALE, 1), groups=channels)
    return F.conv2d(rows, taps.view(1, 1, 1, -1).expand(channels, 1, 1, -1), stride=(1, SCALE), groups=channels)


def filter_taps(name: str) -> list[float]:
    """The weights of one output pixel of an antialiased 4x reduction; they sum to 1."""
    support = {"bicubic": 2 * SCALE, "lanczos": 3 * SCALE, "box": SCALE // 2}[name]
    distances = [abs(i + 0.5 - support) / SCALE for i in range(2 * support)]
    weights = [{"bicubic": keys_cubic, "lanczos": _lanczos, "box": lambda _: 1.0}[name](d) for d in distances]
    return [weight / sum(weights) for weight in weights]


def jpeg(pictures: Tensor, quality: Tensor, shift: tuple[int, int] = (0, 0)) -> Tensor:
    """JPEG's loss without its file: DCT, quantisation and, where the first shift is odd, halved chroma.

    Height and width must be multiples of 16. `shift` moves the 8x8 grid down and to the right.
    """
    planes = _to_ycc(torch.roll(pictures, shift, dims=(2, 3)) * 255)
    scale = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality).view(-1, 1, 1, 1).float()
    luma = _quantise(planes[:, :1], _table(LUMA_TABLE, scale))
    chroma = planes[:, 1:]
    halved = bool(shift[0] % 2)
    if halved:
        chroma = F.avg_pool2d(chroma, 2)
    chroma = _quantise(chroma, _table(CHROMA_TABLE, scale))
    if halved:
        chroma = F.interpolate(chroma, scale_factor=2, mode="bilinear")
    restored = _from_ycc(torch.cat([luma, chroma], dim=1)) / 255
    return torch.roll(restored.clamp(0, 1), [-s for s in shift], dims=(2, 3))


def _lanczos(distance: float) -> float:
    if distance == 0:
        return 1.0
    x = math.pi * distance
    return 3 * math.sin(x) * math.sin(x / 3) / (x * x) if distance < 3 else 0.0


def _to_ycc(rgb: Tensor) -> Tensor:
    r, g, b = rgb.unbind(1)
    y = 0.299 * r + 0.587 * g + 0.114 * b
    return torch.stack([y - 128, 0.564 * (b - y), 0.713 * (r - y)], dim=1)


def _from_ycc(ycc: Tensor) -> Tensor:
    y, cb, cr = ycc.unbind(1)
    y = y + 128
    return torch.stack([y + 1.403 * cr, y - 0.344 * cb - 0.714 * cr, y + 1.773 * cb], dim=1)


def _table(text: str, scale: Tensor) -> Tensor:
    return ((_base_table(text, scale.device) * scale + 50) / 100).floor().clamp(1, 255)


def _quantise(planes: Tensor, table: Tensor) -> Tensor:
    count, channels, height, width = planes.shape
    blocks = planes.reshape(count, channels, height // 8, 8, width // 8, 8).permute(0, 1, 2, 4, 3, 5)
    basis = _dct_basis(planes.device)
    steps = table.view(-1, 1, 1, 1, 8, 8)
    coefficients = basis @ blocks @ basis.T
    restored = basis.T @ ((coefficients / steps).round() * steps) @ basis
    return restored.permute(0, 1, 2, 4, 3, 5).reshape(count, channels, height, width)


# Constants are made once a device: making one copies from the host, which waits for the GPU.
@cache
def _taps(name: str, device: torch.device) -> Tensor:
    return torch.tensor(filter_taps(name), device=device)


@cache
def _base_table(text: str, device: torch.device) -> Tensor:
    return torch.tensor([float(n) for n in text.split()], device=device).view(1, 1, 8, 8)


@cache
def _dct_basis(device: torch.device) -> Tensor:
    k = torch.arange(8, device=device, dtype=torch.float32)
    basis = torch.cos(math.pi / 8 * (k.view(1, 8) + 0.5) * k.view(8, 1)) / 2
    basis[0] /= math.sqrt(2)
    return basis
