import io

import numpy as np
import pytest
import torch
from PIL import Image

from heddle_models.upscaler.__main__ import PHOTOS
from heddle_models.upscaler.degrade import MARGIN, Mix, filter_taps, jpeg, reduce_batch, reduce_by
from heddle_models.upscaler.evaluate import photo_files


def photo(side: int) -> Image.Image:
    return Image.open(photo_files(PHOTOS)[0]).convert("RGB").crop((100, 60, 100 + side, 60 + side))


def tensor(image: Image.Image) -> torch.Tensor:
    return torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1)[None].float() / 255


def array(pictures: torch.Tensor) -> np.ndarray:
    return pictures[0].clamp(0, 1).permute(1, 2, 0).numpy() * 255


@pytest.mark.parametrize("name", ["bicubic", "lanczos", "box"])
def test_a_reduction_is_pillows_of_that_name(name: str) -> None:
    side = 160 + 2 * MARGIN
    # Pillow also clips between its two passes: low contrast keeps clear of that.
    faint = photo(side).point(lambda value: 64 + value // 2)
    ours = array(reduce_by(tensor(faint), name))
    pillow = faint.resize((side // 4, side // 4), Image.Resampling[name.upper()])
    inner = np.asarray(pillow, np.float32)[MARGIN // 4 : -MARGIN // 4, MARGIN // 4 : -MARGIN // 4]
    assert np.abs(ours - inner).max() <= 1.1  # Pillow rounds to 8 bits twice.


@pytest.mark.parametrize("name", ["bicubic", "lanczos", "box"])
def test_weights_are_symmetric_and_sum_to_one(name: str) -> None:
    taps = filter_taps(name)
    assert sum(taps) == pytest.approx(1)
    assert taps == pytest.approx(taps[::-1])


@pytest.mark.parametrize("quality", [60, 80, 95])
def test_jpeg_loses_as_much_as_the_real_one(quality: int) -> None:
    original = photo(64)
    file = io.BytesIO()
    original.save(file, "JPEG", quality=quality, subsampling=0)
    real = np.abs(np.asarray(Image.open(file), np.float32) - np.asarray(original, np.float32)).mean()
    ours = np.abs(array(jpeg(tensor(original), torch.tensor([quality]))) - np.asarray(original, np.float32)).mean()
    assert ours == pytest.approx(real, rel=0.1)


def test_a_batch_keeps_its_order_and_is_rounded_to_8_bits() -> None:
    grey = torch.linspace(0, 1, 10).view(10, 1, 1, 1).expand(10, 3, 64 + 2 * MARGIN, 64 + 2 * MARGIN)
    small = reduce_batch(grey, Mix(), torch.Generator().manual_seed(0), (3, 5))
    assert small.shape == (10, 3, 16, 16)
    assert torch.allclose(small.mean((1, 2, 3)), torch.linspace(0, 1, 10), atol=0.01)
    assert torch.allclose(small * 255, (small * 255).round(), atol=1e-3)
