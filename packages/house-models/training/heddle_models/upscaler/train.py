"""`train`: from packed tiles to weights, on one GPU or the CPU, by steps or by the clock."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from heddle_models.upscaler.degrade import MARGIN, Mix, reduce_batch
from heddle_models.upscaler.network import SCALE, Upscaler
from heddle_models.upscaler.tiles import Tiles, load_tiles, random_crops


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the result of a training run, apart from the tiles.

    A run ends at `steps` or after `minutes`, whichever comes first, and the learning rate follows
    the nearer of the two ends. Only a run that ends by steps repeats bit for bit on one machine.
    """

    steps: int = 40_000
    minutes: float = math.inf
    batch: int = 64
    crop: int = 64
    """Side of the small picture of a training pair, in pixels."""
    peak_rate: float = 8e-4
    final_rate: float = 2e-6
    warm_up: float = 0.02
    """Share of the run in which the rate rises to its peak."""
    exact_tail: float = 0.2
    """Share at the end that minimises squared error, which is what PSNR measures, in full precision."""
    average: float = 0.999
    """Decay of the moving average of the weights; the average is what is exported."""
    seed: int = 1
    mix: Mix = field(default_factory=Mix)


@dataclass
class Training:
    """The state of a run; one process owns it."""

    recipe: Recipe
    network: Upscaler
    averaged: Upscaler
    optimizer: torch.optim.Adam
    generator: torch.Generator
    step: int = 0
    seconds: float = 0.0

    @property
    def progress(self) -> float:
        """0 at the start, 1 at the end."""
        return min(1.0, max(self.step / self.recipe.steps, self.seconds / (60 * self.recipe.minutes)))


def train(
    pack: Path, checkpoint: Path, recipe: Recipe, report: Callable[[str, Training], None], most_tiles: int | None = None
) -> Training:
    """Trains, or goes on from `checkpoint` where it exists, and writes it every minute and at the end.

    Args:
        pack: the tiles written by `prepare`.
        checkpoint: at most 16 MB: weights, their average, the optimizer's state, the random state.
        report: called with one line about every half minute; `averaged` may be measured then.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    tiles = load_tiles(pack, device, most_tiles)
    training = start(recipe, device)
    if checkpoint.exists():
        restore(training, checkpoint)
    report(f"{len(tiles.pixels)} tiles, {_count(training.network):,} weights, {device}", training)
    loss_sum = torch.zeros((), device=device)
    before, told, told_step = time.monotonic(), time.monotonic(), training.step
    while training.progress < 1:
        loss_sum += train_step(training, tiles)
        now = time.monotonic()
        training.seconds += now - before
        before = now
        if now - told > 30 or training.progress >= 1:
            mean = loss_sum.item() / max(1, training.step - told_step)
            report(f"step {training.step}, {training.seconds:.0f} s, loss {mean:.5f}", training)
            save(training, checkpoint)
            loss_sum.zero_()
            # Measuring and saving are not training time.
            before = told = time.monotonic()
            told_step = training.step
    return training


def start(recipe: Recipe, device: torch.device) -> Training:
    torch.manual_seed(recipe.seed)
    network = Upscaler().to(device, memory_format=torch.channels_last)
    averaged = Upscaler().to(device, memory_format=torch.channels_last)
    averaged.load_state_dict(network.state_dict())
    optimizer = torch.optim.Adam(
        network.parameters(), lr=recipe.peak_rate, betas=(0.9, 0.99), fused=device.type == "cuda"
    )
    generator = torch.Generator(device).manual_seed(recipe.seed)
    return Training(recipe, network, averaged.eval(), optimizer, generator)


def train_step(training: Training, tiles: Tiles) -> Tensor:
    """One step; returns its loss, still on the device."""
    recipe, network = training.recipe, training.network
    exact = training.progress >= 1 - recipe.exact_tail
    for group in training.optimizer.param_groups:
        group["lr"] = learning_rate(recipe, training.progress)
    crops = random_crops(tiles, recipe.batch, recipe.crop * SCALE + 2 * MARGIN, training.generator)
    shift = (training.step * 3 % 8, training.step // 8 * 5 % 8)
    small = reduce_batch(crops, recipe.mix, training.generator, shift).contiguous(memory_format=torch.channels_last)
    wanted = crops[:, :, MARGIN:-MARGIN, MARGIN:-MARGIN]
    with torch.autocast(small.device.type, torch.bfloat16, enabled=not exact and small.device.type == "cuda"):
        detail = network.detail(small)
    difference = network.bicubic(small) + detail.float() - wanted
    loss = difference.square().mean() if exact else (difference.square() + 1e-6).sqrt().mean()
    training.optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 0.5)
    training.optimizer.step()
    training.step += 1
    _average(training)
    return loss.detach()


def learning_rate(recipe: Recipe, progress: float) -> float:
    """Linear warm-up, then half a cosine from the peak to the final rate."""
    if progress < recipe.warm_up:
        return recipe.peak_rate * (progress / recipe.warm_up * 0.95 + 0.05)
    along = (progress - recipe.warm_up) / (1 - recipe.warm_up)
    return recipe.final_rate + (recipe.peak_rate - recipe.final_rate) * (1 + math.cos(math.pi * along)) / 2


def save(training: Training, file: Path) -> None:
    """Writes the whole state, through a temporary file, so that a cut run leaves a whole checkpoint."""
    file.parent.mkdir(parents=True, exist_ok=True)
    state = {
        "network": training.network.state_dict(),
        "averaged": training.averaged.state_dict(),
        "optimizer": training.optimizer.state_dict(),
        "generator": training.generator.get_state(),
        "step": training.step,
        "seconds": training.seconds,
    }
    partial = file.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(file)


def restore(training: Training, file: Path) -> None:
    """Takes up a run where `save` left it."""
    device = training.generator.device
    state = torch.load(file, map_location=device, weights_only=True)
    training.network.load_state_dict(state["network"])
    training.averaged.load_state_dict(state["averaged"])
    training.optimizer.load_state_dict(state["optimizer"])
    training.step, training.seconds = state["step"], state["seconds"]
    # A run may move from GPU to CPU; the random state of one does not fit the other.
    if state["generator"].numel() == training.generator.get_state().numel():
        training.generator.set_state(state["generator"].cpu())
    else:
        training.generator.manual_seed(training.recipe.seed + training.step)


def load_averaged(file: Path) -> Upscaler:
    """The averaged network of a checkpoint, on the CPU, ready to measure or export."""
    network = Upscaler()
    network.load_state_dict(torch.load(file, map_location="cpu", weights_only=True)["averaged"])
    return network.eval()


@torch.no_grad()
def _average(training: Training) -> None:
    decay = min(training.recipe.average, (1 + training.step) / (10 + training.step))
    averaged, current = list(training.averaged.parameters()), list(training.network.parameters())
    torch._foreach_lerp_(averaged, current, 1 - decay)


def _count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())
