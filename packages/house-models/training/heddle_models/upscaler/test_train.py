import io
import json
import math
import random
import zipfile
from pathlib import Path

import pytest
import torch

from heddle_models.upscaler.degrade import MARGIN, reduce_by
from heddle_models.upscaler.illustrations import draw_illustration
from heddle_models.upscaler.prepare import TILE
from heddle_models.upscaler.tiles import load_tiles, random_crops
from heddle_models.upscaler.train import (
    Recipe,
    Training,
    learning_rate,
    load_averaged,
    restore,
    save,
    start,
    train_step,
)

CPU = torch.device("cpu")
TINY = Recipe(steps=6, batch=2, crop=16)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("tiles") / "tiles.zip"
    rng = random.Random(5)
    with zipfile.ZipFile(file, "w") as archive:
        index = []
        for number, kind in enumerate(("photo", "texture", "cutout", "illustration")):
            data = io.BytesIO()
            draw_illustration(rng, TILE).save(data, "PNG")
            archive.writestr(f"{number}.png", data.getvalue())
            index.append({"file": f"{number}.png", "kind": kind, "detail": 3.0})
        archive.writestr("tiles.json", json.dumps(index))
    return file


def weights(training: Training) -> torch.Tensor:
    return torch.cat([parameter.flatten() for parameter in training.network.parameters()])


def test_a_resumed_run_is_the_uninterrupted_run_bit_for_bit(pack: Path, tmp_path: Path) -> None:
    tiles = load_tiles(pack, CPU)
    whole = start(TINY, CPU)
    for _ in range(4):
        train_step(whole, tiles)
    first = start(TINY, CPU)
    for _ in range(2):
        train_step(first, tiles)
    save(first, tmp_path / "checkpoint.pt")
    second = start(TINY, CPU)
    restore(second, tmp_path / "checkpoint.pt")
    for _ in range(2):
        train_step(second, tiles)
    assert torch.equal(weights(whole), weights(second))
    assert second.step == 4


def test_a_checkpoint_is_at_most_16_mb_and_holds_the_average(tmp_path: Path) -> None:
    training = start(TINY, CPU)
    save(training, tmp_path / "checkpoint.pt")
    assert (tmp_path / "checkpoint.pt").stat().st_size <= 16_000_000
    averaged = load_averaged(tmp_path / "checkpoint.pt")
    assert torch.equal(averaged.head.weight, training.averaged.head.weight)


def test_steps_bring_the_network_nearer_to_the_large_picture(pack: Path) -> None:
    tiles = load_tiles(pack, CPU)
    training = start(Recipe(steps=40, batch=2, crop=16), CPU)
    large = random_crops(tiles, 8, 64 + 2 * MARGIN, torch.Generator().manual_seed(9))
    small = reduce_by(large, "bicubic")

    def error() -> float:
        with torch.no_grad():
            return (training.network(small) - large[:, :, MARGIN:-MARGIN, MARGIN:-MARGIN]).square().mean().item()

    before = error()
    for _ in range(40):
        train_step(training, tiles)
    assert error() < 0.985 * before


def test_the_learning_rate_rises_then_falls_to_its_end() -> None:
    recipe = Recipe()
    assert learning_rate(recipe, recipe.warm_up) == pytest.approx(recipe.peak_rate)
    assert learning_rate(recipe, 0) < recipe.peak_rate / 10
    assert learning_rate(recipe, 1) == pytest.approx(recipe.final_rate)


def test_a_run_ends_by_its_steps_or_by_the_clock() -> None:
    by_steps = start(Recipe(steps=10), CPU)
    by_steps.step = 5
    assert by_steps.progress == 0.5
    by_clock = start(Recipe(steps=10**9, minutes=2), CPU)
    by_clock.seconds = 90
    assert by_clock.progress == 0.75
    assert math.isinf(Recipe().minutes)


def test_crops_are_parts_of_tiles_mirrored_turned_or_recoloured(pack: Path) -> None:
    tiles = load_tiles(pack, CPU)
    crops = random_crops(tiles, 8, 96, torch.Generator().manual_seed(1))
    assert crops.shape == (8, 3, 96, 96)
    colours = {tuple(sorted(c)) for c in tiles.pixels.reshape(-1, 3).tolist()}
    assert {
        tuple(sorted(c)) for c in (crops.permute(0, 2, 3, 1).reshape(-1, 3) * 255).round().int().tolist()
    } <= colours
