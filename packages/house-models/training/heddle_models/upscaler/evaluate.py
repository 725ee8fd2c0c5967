"""`evaluate`: PSNR on held-out photographs against bicubic, for several ways of making them small."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from heddle_models.upscaler.network import SCALE, Upscaler

Enlarge = Callable[[Image.Image], Image.Image]

BORDER = 4
"""Pixels left out at each edge, as is usual: one input pixel."""


@dataclass(frozen=True)
class Score:
    """One photograph: PSNR in dB over RGB and over luma (BT.601), of bicubic and of the network."""

    name: str
    bicubic_rgb: float
    network_rgb: float
    bicubic_luma: float
    network_luma: float


def evaluate(network: Upscaler, photos: Path, reduction: Image.Resampling = Image.Resampling.BICUBIC) -> list[Score]:
    """Reduces every photograph four times with Pillow, enlarges it again, and compares.

    Args:
        network: measured as it is, on the device where it is.
        photos: folder of WebP, PNG or JPEG photographs.
        reduction: the Pillow filter that makes the small picture.
    """
    return [_score(file, network, reduction) for file in photo_files(photos)]


def photo_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix in (".webp", ".png", ".jpg"))


def mean_gain(scores: list[Score]) -> float:
    """Mean PSNR gain over bicubic in dB, over RGB."""
    return sum(score.network_rgb - score.bicubic_rgb for score in scores) / len(scores)


def table(scores: list[Score]) -> str:
    lines = [f"{'photograph':<28}{'bicubic':>9}{'network':>9}{'gain':>7}{'gain Y':>8}"]
    for s in scores:
        gain, luma = s.network_rgb - s.bicubic_rgb, s.network_luma - s.bicubic_luma
        lines.append(f"{s.name:<28}{s.bicubic_rgb:>9.2f}{s.network_rgb:>9.2f}{gain:>+7.2f}{luma:>+8.2f}")
    luma_gain = sum(s.network_luma - s.bicubic_luma for s in scores) / len(scores)
    lines.append(f"{'mean':<46}{mean_gain(scores):>+7.2f}{luma_gain:>+8.2f}")
    return "\n".join(lines)


def enlarge(network: Upscaler, small: Image.Image) -> Image.Image:
    """Runs the network on one whole picture."""
    device = network.bicubic_kernel.device
    pixels = torch.from_numpy(np.asarray(small, np.float32) / 255).permute(2, 0, 1)[None].to(device)
    with torch.no_grad():
        large = network(pixels)[0].clamp(0, 1)
    return Image.fromarray((large.permute(1, 2, 0).cpu().numpy() * 255).round().astype(np.uint8))


def psnr(first: np.ndarray, second: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB of two arrays of 0..255."""
    error = float(np.mean((first.astype(np.float64) - second.astype(np.float64)) ** 2))
    return 99.0 if error == 0 else 10 * float(np.log10(255**2 / error))


def _score(file: Path, network: Upscaler, reduction: Image.Resampling) -> Score:
    photo = Image.open(file).convert("RGB")
    photo = photo.crop((0, 0, photo.width // SCALE * SCALE, photo.height // SCALE * SCALE))
    small = photo.resize((photo.width // SCALE, photo.height // SCALE), reduction)
    bicubic = small.resize(photo.size, Image.Resampling.BICUBIC)
    ours = enlarge(network, small)
    return Score(
        file.stem,
        psnr(_inner(photo), _inner(bicubic)),
        psnr(_inner(photo), _inner(ours)),
        psnr(_luma(photo), _luma(bicubic)),
        psnr(_luma(photo), _luma(ours)),
    )


def _inner(image: Image.Image) -> np.ndarray:
    return np.asarray(image)[BORDER:-BORDER, BORDER:-BORDER]


def _luma(image: Image.Image) -> np.ndarray:
    # BT.601, studio range: what papers on super-resolution call Y.
    return _inner(image).astype(np.float64) @ np.array([65.481, 128.553, 24.966]) / 255 + 16
