"""The 4x upscaler: a plain, strictly local residual network over a fixed bicubic enlargement.

Residual blocks with pixel attention (Zhao et al., "Efficient Image Super-Resolution Using Pixel
Attention", 2020) whose outputs are fused by one 1x1 convolution (Liu et al., "Residual Feature
Aggregation Network", 2020), and sub-pixel output (Shi et al., 2016). Two choices are for serving:

* nothing looks at the whole picture (no pooling, no normalisation), so a tile with enough margin
  gives the very pixels that the whole picture would;
* the bicubic enlargement is a fixed 5x5 convolution, not a resize operator: exact, quick in every
  runtime, and the network only ever learns what bicubic lacks.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SCALE = 4
CHANNELS = 64
BLOCKS = 7
BICUBIC_MARGIN = 2
"""How many input pixels to each side the bicubic enlargement reads."""


class Block(nn.Module):
    """x + conv(act(conv(act(conv(x))))) gated, pixel by pixel, by a sigmoid of the middle features."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.third = nn.Conv2d(channels, channels, 3, padding=1)
        self.gate = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        middle = _activate(self.second(_activate(self.first(x))))
        return x + self.third(middle) * torch.sigmoid(self.gate(middle))


class Upscaler(nn.Module):
    """Enlarges pictures four times.

    Input and output are float32, N x 3 x H x W, RGB, sRGB-encoded, 0..1; the output is not clipped
    here but when it is exported (see `export.py`). Height and width are free.
    """

    def __init__(self, channels: int = CHANNELS, blocks: int = BLOCKS) -> None:
        super().__init__()
        self.channels = channels
        self.head = nn.Conv2d(3, channels, 3, padding=1)
        self.blocks = nn.ModuleList(Block(channels) for _ in range(blocks))
        self.fuse = nn.Conv2d(channels * blocks, channels, 1)
        self.body = nn.Conv2d(channels, channels, 3, padding=1)
        self.tail = nn.Conv2d(channels, 3 * SCALE * SCALE, 3, padding=1)
        self.register_buffer("bicubic_kernel", bicubic_kernel(), persistent=False)
        self._initialise()

    def forward(self, picture: Tensor) -> Tensor:
        # Phases of one colour are neighbouring channels, which is the order pixel_shuffle reads.
        return F.pixel_shuffle(self._bicubic_phases(picture) + self._detail_phases(picture), SCALE)

    def bicubic(self, picture: Tensor) -> Tensor:
        """The enlargement that the network starts from: Keys' cubic (a = -0.5), edges repeated."""
        return F.pixel_shuffle(self._bicubic_phases(picture), SCALE)

    def detail(self, picture: Tensor) -> Tensor:
        """What is added to the bicubic enlargement; in training this part alone runs in bfloat16."""
        return F.pixel_shuffle(self._detail_phases(picture), SCALE)

    @property
    def receptive_radius(self) -> int:
        """How many input pixels to each side decide an output pixel: one for each 3x3 convolution."""
        return 3 + 3 * len(self.blocks)

    def _bicubic_phases(self, picture: Tensor) -> Tensor:
        margin = (BICUBIC_MARGIN,) * 4
        return F.conv2d(F.pad(picture, margin, mode="replicate"), self.bicubic_kernel, groups=3)

    def _detail_phases(self, picture: Tensor) -> Tensor:
        # Centred on grey: the zero padding of the convolutions then stands for grey, not for black.
        features = self.head(picture - 0.5)
        outputs = []
        x = features
        for block in self.blocks:
            x = block(x)
            outputs.append(x)
        fused = _activate(self.fuse(torch.cat(outputs, dim=1)))
        return self.tail(self.body(fused) + features)

    def _initialise(self) -> None:
        for block in self.blocks:
            # Small residuals at the start: a deep sum of full-sized ones diverges at this learning rate.
            block.third.weight.data *= 0.3
        self.tail.weight.data *= 0.1
        nn.init.zeros_(self.tail.bias)


def bicubic_kernel() -> Tensor:
    """The 4x bicubic enlargement as a grouped convolution kernel, 48 x 1 x 5 x 5.

    Output row 4i + p lies at (p + 0.5) / 4 - 0.5 rows from input row i.
    """
    taps = torch.zeros(SCALE, 2 * BICUBIC_MARGIN + 1)
    for phase in range(SCALE):
        position = (phase + 0.5) / SCALE - 0.5
        for tap in range(-BICUBIC_MARGIN, BICUBIC_MARGIN + 1):
            taps[phase, tap + BICUBIC_MARGIN] = keys_cubic(abs(tap - position))
    phases = torch.einsum("pi,qj->pqij", taps, taps).reshape(SCALE * SCALE, 1, 5, 5)
    return phases.repeat(3, 1, 1, 1)


def keys_cubic(distance: float, a: float = -0.5) -> float:
    """Keys' cubic convolution kernel (1981) at a distance of at least 0."""
    if distance < 1:
        return (a + 2) * distance**3 - (a + 3) * distance**2 + 1
    if distance < 2:
        return a * (distance**3 - 5 * distance**2 + 8 * distance - 4)
    return 0.0


def _activate(x: Tensor) -> Tensor:
    return F.leaky_relu(x, 0.1)
