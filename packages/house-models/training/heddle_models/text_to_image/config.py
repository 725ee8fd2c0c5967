"""Sizes of the networks, in one place. The defaults are the released model; ``tiny`` is for tests."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Config:
    """Shapes of the text-to-image family.

    ``image`` is the side of a picture in pixels; latents are [latent_channels, image/8, image/8].
    """

    image: int = 128
    latent_channels: int = 16
    decoder_widths: tuple[int, int, int, int] = (144, 128, 64, 32)
    encoder_widths: tuple[int, int, int] = (40, 64, 96)
    text_tokens: int = 32
    text_width: int = 160
    text_layers: int = 2
    width: int = 256
    depth: int = 9
    heads: int = 4

    @property
    def latent(self) -> int:
        """Side of the latent grid."""
        return self.image // 8

    def to_dict(self) -> dict:
        """Plain values for a manifest or checkpoint header."""
        return asdict(self)

    @staticmethod
    def from_dict(values: dict) -> Config:
        """The inverse of ``to_dict``."""
        return Config(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


TINY = Config(
    image=32,
    latent_channels=4,
    decoder_widths=(16, 16, 8, 8),
    encoder_widths=(8, 8, 16),
    text_tokens=32,
    text_width=32,
    text_layers=1,
    width=64,
    depth=2,
    heads=2,
)
