"""A look at a latent without decoding it: the colour of each cell as a linear function of its channels."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..scenes import render, sample


@torch.no_grad()
def fit_preview(autoencoder: nn.Module, scenes: int = 96) -> dict:
    """Least squares over renders: mean colour in 0–1 of 8 × 8 pixels ≈ weights [3, C] · channels + bias [3]."""
    pictures = render(sample(scenes, np.random.default_rng(64)))
    latents = torch.cat([autoencoder.encode(part * 2 - 1) for part in pictures.split(16)])
    colours = F.avg_pool2d(pictures, 8)
    inputs, wanted = _columns(latents), _columns(colours)
    inputs = torch.cat([inputs, torch.ones(len(inputs), 1)], 1)
    solution = torch.linalg.lstsq(inputs, wanted).solution
    error = (inputs @ solution - wanted).pow(2).mean().sqrt()
    return {
        "weights": [[round(value, 5) for value in row] for row in solution[:-1].T.tolist()],
        "bias": [round(value, 5) for value in solution[-1].tolist()],
        "rootMeanSquareError": round(float(error), 4),
    }


def _columns(maps: Tensor) -> Tensor:
    return maps.permute(0, 2, 3, 1).flatten(0, 2)
