"""Training of the video denoiser on a folder of clips, for a number of seconds; goes on from its checkpoint."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from torch import Tensor, nn

from ..text_to_image import checkpoint
from ..text_to_image.loop import Clock, Log, autocast, set_rate
from ..text_to_image.optimiser import Average, Muon, split_parameters
from .data import ClipPool
from .network import VideoConfig, VideoDenoiser

_REFRESH = 50  # steps between looks for new clips
_SOME = 6  # frames of a clip that a step looks at
_WHOLE_FROM = 0.7  # share of the training after which it looks at all
_SOFTEST = 0.3  # times below this weigh as much as this one


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of ``train``."""
    parser.add_argument("--clips", type=Path, default=Path("runs/image-to-video/clips"))
    parser.add_argument("--out", type=Path, default=Path("runs/image-to-video"))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--seconds", type=float, default=4_500)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--steps", type=int, help="stop after this many steps (for trials)")


def run(options: argparse.Namespace) -> None:
    """Train, or go on training."""
    torch.manual_seed(3)
    device, log = torch.device(options.device), Log(options.out / "log.jsonl")
    model = VideoDenoiser(VideoConfig()).to(device)
    pool = ClipPool(options.clips)
    while pool.refresh() < options.batch:
        time.sleep(5)
    train(model, pool, options, log)


def train(model: VideoDenoiser, pool: ClipPool, options: argparse.Namespace, log: Log) -> None:
    """Flow matching on clips; leaves the checkpoint ``video`` (averaged weights) and ``video-state``."""
    device = next(model.parameters()).device
    average = Average(model, 0.998)
    matrices, rest = split_parameters([model])
    optimisers = [
        Muon(matrices, lr=0.02, momentum=0.95, weight_decay=0.0),
        torch.optim.AdamW(rest, lr=2e-3, betas=(0.9, 0.98), weight_decay=0.0),
    ]
    clock = _resume(model, average, optimisers, options)
    running, saved = None, time.monotonic()
    while clock.more():
        if clock.step % _REFRESH == 0:
            pool.refresh()
        for optimiser in optimisers:
            set_rate(optimiser, clock.rate(warm_steps=60, decay_from=0.55))
            optimiser.zero_grad(set_to_none=True)
        batch = [part.to(device) for part in pool.batch(options.batch)]
        # A few frames of each clip teach as much for less; the end of training sees whole clips, as they are made.
        some = model.config.frames if clock.progress() > _WHOLE_FROM else _SOME
        loss, plain = video_loss(model, *batch, torch.randperm(model.config.frames)[:some].sort().values)
        loss.backward()
        nn.utils.clip_grad_norm_(rest, 1.0)
        for optimiser in optimisers:
            optimiser.step()
        average.update(model, clock.step)
        running = plain if running is None else running * 0.98 + plain * 0.02
        if clock.step % 25 == 0:
            log("video", step=clock.step, seconds=clock.elapsed(), error=running, clips=len(pool.words))
        clock.step += 1
        if time.monotonic() - saved > 240:
            _save(model, average, optimisers, clock, options.out)
            saved = time.monotonic()
    _save(model, average, optimisers, clock, options.out)


def video_loss(model: VideoDenoiser, clip: Tensor, guide: Tensor, word: Tensor, shown: Tensor) -> tuple[Tensor, float]:
    """Squared error of the predicted frames ``shown``, weighted towards that of the velocity; and the plain one."""
    batch, first = len(clip), clip[:, 0]
    clip, guide, shown = clip[:, shown], guide[:, shown], shown.to(clip.device)
    t = torch.sigmoid(torch.randn(batch, device=clip.device) * 1.1 + 0.4).clamp(0.02, 0.999)
    wide = t[:, None, None, None, None]
    noise = torch.randn_like(clip)
    with autocast(clip.device):
        guess = model.predict(torch.lerp(clip, noise, wide), t, guide, first, word, shown)
    error = (guess.float() - clip).pow(2).mean((1, 2, 3, 4))
    return (error / t.clamp(min=_SOFTEST) ** 2).mean(), float(error.mean())


def _save(
    model: VideoDenoiser, average: Average, optimisers: list[torch.optim.Optimizer], clock: Clock, folder: Path
) -> None:
    header = {"steps": clock.step, "seconds": clock.elapsed(), "config": model.config.to_dict()}
    checkpoint.save(folder, "video", average.values, header)
    state = {f"model.{k}": v for k, v in model.state_dict().items()}
    for number, optimiser in enumerate(optimisers):
        state |= checkpoint.pack_optimiser(f"optimiser{number}", optimiser)
    checkpoint.save(folder, "video-state", state, header)


def _resume(
    model: VideoDenoiser, average: Average, optimisers: list[torch.optim.Optimizer], options: argparse.Namespace
) -> Clock:
    clock = Clock(options.seconds, options.steps)
    if not checkpoint.exists(options.out, "video-state"):
        return clock
    state, header = checkpoint.load(options.out, "video-state", next(model.parameters()).device)
    model.load_state_dict({k.removeprefix("model."): v for k, v in state.items() if k.startswith("model.")})
    for number, optimiser in enumerate(optimisers):
        checkpoint.unpack_optimiser(f"optimiser{number}", optimiser, state)
    average.values = checkpoint.load(options.out, "video", next(model.parameters()).device)[0]
    clock.step, clock.spent = header["steps"], header["seconds"]
    return clock


def load_video(folder: Path, device: str | torch.device = "cpu") -> tuple[VideoDenoiser, dict]:
    """The averaged network that training left in ``folder``, frozen, and its header."""
    weights, header = checkpoint.load(folder, "video", device)
    model = VideoDenoiser(VideoConfig(**header["config"])).to(device)
    model.load_state_dict(weights)
    return model.eval().requires_grad_(False), header
