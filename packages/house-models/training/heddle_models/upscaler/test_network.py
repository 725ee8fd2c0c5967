import numpy as np
import pytest
import torch
from PIL import Image

from heddle_models.upscaler.network import Upscaler, bicubic_kernel


def picture(width: int, height: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed))


def test_the_fixed_bicubic_is_pillows_away_from_the_edges() -> None:
    small = Image.fromarray(np.random.default_rng(1).integers(70, 186, (40, 33, 3), dtype=np.uint8))
    pixels = torch.from_numpy(np.asarray(small).copy()).permute(2, 0, 1)[None].float() / 255
    with torch.no_grad():
        ours = Upscaler(8, 1).bicubic(pixels)[0].clamp(0, 1).permute(1, 2, 0).numpy() * 255
    pillow = np.asarray(small.resize((33 * 4, 40 * 4), Image.Resampling.BICUBIC), np.float32)
    # Pillow rounds to 8 bits, and clips, between its two passes.
    assert np.abs(ours - pillow)[8:-8, 8:-8].max() <= 1.6


def test_bicubic_weights_sum_to_one_for_every_phase() -> None:
    assert torch.allclose(bicubic_kernel().sum((1, 2, 3)), torch.ones(48), atol=1e-6)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (5, 3), (17, 40)])
def test_the_output_is_four_times_as_large(width: int, height: int) -> None:
    with torch.no_grad():
        assert Upscaler(8, 2)(picture(width, height)).shape == (1, 3, 4 * height, 4 * width)


def test_nothing_beyond_the_receptive_radius_matters_and_the_radius_is_reached() -> None:
    torch.manual_seed(3)
    network = Upscaler(8, 2)
    side, centre = 41, 20
    pixels = picture(side, side).requires_grad_()
    network(pixels)[0, :, 4 * centre : 4 * centre + 4, 4 * centre : 4 * centre + 4].sum().backward()
    assert pixels.grad is not None
    reached = pixels.grad.abs().sum((0, 1)).nonzero()
    assert int((reached - centre).abs().max()) == network.receptive_radius == 9
