"""The autoencoder: pictures [B, 3, S, S] in -1…1 to latents [B, C, S/8, S/8] of unit variance, and back.

Convolutional with residual blocks; down by space-to-depth, up by depth-to-space (Shi et al., 2016). The bottleneck is
normalised per channel by running statistics instead of a KL term, and trained under noise, so that nearby latents
decode to nearby pictures and the transformer's small errors stay invisible.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import Config


class Residual(nn.Module):
    """Two 3×3 convolutions with group norm and SiLU, added to the input."""

    def __init__(self, width: int) -> None:
        super().__init__()
        groups = max(1, width // 16)
        self.norm1, self.norm2 = nn.GroupNorm(groups, width), nn.GroupNorm(groups, width)
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(F.silu(self.norm1(x)))
        return x + self.conv2(F.silu(self.norm2(y)))


class Encoder(nn.Module):
    """Pictures to raw (not yet normalised) latents."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        a, b, c = config.encoder_widths
        self.stages = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(12, a, 3, padding=1),
            Residual(a),
            nn.PixelUnshuffle(2),
            nn.Conv2d(4 * a, b, 3, padding=1),
            Residual(b),
            nn.PixelUnshuffle(2),
            nn.Conv2d(4 * b, c, 3, padding=1),
            Residual(c),
            Residual(c),
            nn.GroupNorm(max(1, c // 16), c),
            nn.SiLU(),
            nn.Conv2d(c, config.latent_channels, 3, padding=1),
        )

    def forward(self, picture: Tensor) -> Tensor:
        return self.stages(picture)


class Decoder(nn.Module):
    """Normalised latents to pictures."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        a, b, c, d = config.decoder_widths
        self.stages = nn.Sequential(
            nn.Conv2d(config.latent_channels, a, 3, padding=1),
            Residual(a),
            Residual(a),
            nn.Conv2d(a, 4 * b, 1),
            nn.PixelShuffle(2),
            Residual(b),
            Residual(b),
            nn.Conv2d(b, 4 * c, 1),
            nn.PixelShuffle(2),
            Residual(c),
            Residual(c),
            nn.Conv2d(c, 4 * d, 3, padding=1),
            nn.PixelShuffle(2),
            Residual(d),
            nn.GroupNorm(max(1, d // 16), d),
            nn.SiLU(),
            nn.Conv2d(d, 3, 3, padding=1),
        )

    def forward(self, latent: Tensor) -> Tensor:
        return self.stages(latent)


class Autoencoder(nn.Module):
    """Encoder, per-channel normalisation, decoder."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.encoder, self.decoder = Encoder(config), Decoder(config)
        self.norm = nn.BatchNorm2d(config.latent_channels, affine=False, momentum=0.02)

    def encode(self, picture: Tensor) -> Tensor:
        """Pictures in -1…1 to latents of about zero mean and unit variance per channel."""
        return self.norm(self.encoder(picture).float())

    def decode(self, latent: Tensor) -> Tensor:
        """Latents to pictures in about -1…1 (not clamped)."""
        return self.decoder(latent)

    def forward(self, picture: Tensor, noise: float) -> Tensor:
        """Reconstruct through a bottleneck with Gaussian noise of a level drawn per picture from 0…``noise``."""
        latent = self.encode(picture)
        level = torch.rand(len(latent), 1, 1, 1, device=latent.device) * noise
        return self.decode(latent + level * torch.randn_like(latent))


def reconstruction_loss(output: Tensor, target: Tensor) -> Tensor:
    """Absolute error of pixels and of their differences to the right and below; the latter keeps edges crisp."""
    loss = (output - target).abs().mean()
    for axis in (2, 3):
        loss = loss + 0.7 * (output.diff(dim=axis) - target.diff(dim=axis)).abs().mean()
    return loss
