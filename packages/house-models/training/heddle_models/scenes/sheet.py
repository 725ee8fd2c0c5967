"""Contact sheets: many pictures in one PNG, to look at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor


def save_sheet(pictures: Tensor, path: Path, columns: int, gap: int = 4) -> None:
    """Write pictures [n, 3, H, W] in 0–1 as a grid with ``columns`` columns to ``path`` (PNG)."""
    count, _, height, width = pictures.shape
    rows = -(-count // columns)
    sheet = np.full((rows * (height + gap) + gap, columns * (width + gap) + gap, 3), 24, np.uint8)
    values = (pictures.float().clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    for number in range(count):
        row, column = divmod(number, columns)
        top, left = gap + row * (height + gap), gap + column * (width + gap)
        sheet[top : top + height, left : left + width] = values[number]
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet).save(path)
