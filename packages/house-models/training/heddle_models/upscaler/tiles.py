"""The packed tiles in device memory, and random crops of them."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

SHARES = {"photo": 0.58, "texture": 0.14, "cutout": 0.10, "illustration": 0.18}
"""How often each kind is drawn, whatever the number of its tiles."""


@dataclass(frozen=True)
class Tiles:
    """Tiles as bytes, N x side x side x 3, and the chance of each to be drawn."""

    pixels: Tensor
    chances: Tensor

    @property
    def side(self) -> int:
        return self.pixels.shape[1]


def load_tiles(pack: Path, device: torch.device, most: int | None = None) -> Tiles:
    """Decodes the pack that `prepare` wrote.

    Args:
        pack: the zip archive.
        device: where the bytes are kept: 0.3 MB a tile.
        most: only so many tiles, evenly over the pack; all when left out.
    """
    with zipfile.ZipFile(pack) as archive:
        index = json.loads(archive.read("tiles.json"))
        if most is not None:
            index = index[:: max(1, len(index) // most)]
        arrays = [np.asarray(Image.open(io.BytesIO(archive.read(tile["file"]))).convert("RGB")) for tile in index]
    kinds = [tile["kind"] for tile in index]
    # Within a kind, detailed tiles come up to three times as often as flat ones.
    weights = [min(9.0, max(1.0, tile["detail"])) ** 0.5 for tile in index]
    totals = {kind: sum(w for w, k in zip(weights, kinds, strict=True) if k == kind) for kind in SHARES}
    chances = [SHARES[kind] * weight / totals[kind] for kind, weight in zip(kinds, weights, strict=True)]
    return Tiles(torch.from_numpy(np.stack(arrays)).to(device), torch.tensor(chances, device=device))


def random_crops(tiles: Tiles, count: int, side: int, generator: torch.Generator) -> Tensor:
    """Draws crops, each flipped and turned at random, some with their colours exchanged.

    Returns:
        count x 3 x side x side, 0..1.
    """
    device = tiles.pixels.device
    chosen = torch.multinomial(tiles.chances, count, replacement=True, generator=generator)
    rows = _positions(tiles.side, count, side, generator).to(device)
    columns = _positions(tiles.side, count, side, generator).to(device)
    crops = tiles.pixels[chosen[:, None, None], rows[:, :, None], columns[:, None, :]]
    crops = crops.permute(0, 3, 1, 2).float() / 255
    turned = torch.rand(count, 1, 1, 1, generator=generator, device=device) < 0.5
    crops = torch.where(turned, crops.transpose(2, 3), crops)
    exchanged = torch.rand(count, 1, 1, 1, generator=generator, device=device) < 0.1
    order = torch.randperm(3, generator=generator, device=device)
    return torch.where(exchanged, crops[:, order], crops)


def _positions(tile_side: int, count: int, side: int, generator: torch.Generator) -> Tensor:
    """Consecutive indices from a random start, ascending or, for a mirrored crop, descending."""
    device = generator.device
    start = torch.randint(0, tile_side - side + 1, (count, 1), generator=generator, device=device)
    ascending = torch.arange(side, device=device)
    mirrored = torch.rand(count, 1, generator=generator, device=device) < 0.5
    return start + torch.where(mirrored, side - 1 - ascending, ascending)
