"""The whole training in order: pools, probe, autoencoder, latents and captions, flow, guidance distillation.

Every stage that left its checkpoint in the folder is skipped, and the flow stage resumes from its last state, so the
same command continues after a stop. Pools are rendered again from the same seeds.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import torch
from torch import Tensor

from ..scenes.sheet import save_sheet
from . import checkpoint
from .autoencoder import Autoencoder
from .config import TINY, Config
from .data import CaptionWorkers, Pool, render_pool
from .evaluate import psnr
from .loop import Log
from .probe import Probe
from .stages import (
    Flow,
    Stage,
    distil_guidance,
    encode_pool,
    load_flow,
    probe_accuracy,
    train_autoencoder,
    train_flow,
    train_probe,
)
from .tokenizer import build_vocabulary

_SEED = 11


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of ``train``."""
    parser.add_argument("--out", type=Path, default=Path("runs/text-to-image"))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--scenes", type=int, default=320_000, help="scenes in the training pool")
    parser.add_argument("--pool-seconds", type=float, default=90, help="stop rendering after this long")
    parser.add_argument("--probe-seconds", type=float, default=60)
    parser.add_argument("--autoencoder-seconds", type=float, default=180)
    parser.add_argument("--flow-seconds", type=float, default=420)
    parser.add_argument("--guidance-seconds", type=float, default=90, help="0 leaves guidance distillation out")
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--autoencoder-batch", type=int, default=192)
    parser.add_argument("--workers", type=int, default=max(0, (os.cpu_count() or 2) - 2), help="caption processes")
    parser.add_argument("--variants", type=int, default=4, help="captions written per scene")
    parser.add_argument("--steps", type=int, help="stop every stage after this many steps (for trials)")
    parser.add_argument("--tiny", action="store_true", help="toy sizes (for trials)")
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=torch.cuda.is_available())


def run(options: argparse.Namespace) -> None:
    """Train everything that is not there yet."""
    torch.manual_seed(1)
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.benchmark = True
    config = TINY if options.tiny else Config()
    device = torch.device(options.device)
    log = Log(options.out / "log.jsonl")
    stage = Stage(options.out, device, log, config, steps=options.steps, compile=options.compile)
    started = time.monotonic()
    pool = render_pool(options.scenes, seed=_SEED, size=config.image, device=device, seconds=options.pool_seconds)
    log("pool", scenes=len(pool.scenes), seconds=time.monotonic() - started)
    captions = CaptionWorkers(options.workers)
    captions.start(pool.scenes, seed=5, variants=options.variants, length=config.text_tokens)
    probe = _probe(stage, options)
    autoencoder = _autoencoder(stage, options, pool, probe)
    latents = encode_pool(autoencoder, pool, device)
    tokens = torch.from_numpy(captions.result()).to(device)
    log("latents", mean=float(latents.float().mean()), std=float(latents.float().std()), captions=len(tokens))
    del pool
    _flow(stage, options, latents, tokens)


def _probe(stage: Stage, options: argparse.Namespace) -> Probe:
    if checkpoint.exists(stage.folder, "probe"):
        return load_probe(stage.folder, stage.device)
    size = stage.config.image
    pool = render_pool(
        options.scenes // 4,
        seed=_SEED + 1,
        size=size,
        device=stage.device,
        seconds=options.pool_seconds / 3,
        plain=True,
        held_out=True,
    )
    probe = train_probe(stage, pool, options.probe_seconds, min(options.batch, 384))
    fresh = render_pool(
        min(2000, options.scenes), seed=_SEED + 2, size=size, device=stage.device, seconds=20, plain=True, held_out=True
    )
    pictures = fresh.batch(torch.arange(len(fresh.pictures), device=stage.device))
    stage.log("probe", renders=len(pool.pictures), accuracy=probe_accuracy(probe, pictures, fresh.scenes))
    return probe


def _autoencoder(stage: Stage, options: argparse.Namespace, pool: Pool, probe: Probe) -> Autoencoder:
    if checkpoint.exists(stage.folder, "autoencoder"):
        return load_autoencoder(stage.folder, stage.device)
    model = train_autoencoder(stage, pool, probe, options.autoencoder_seconds, options.autoencoder_batch)
    fresh = render_pool(
        min(1000, options.scenes),
        seed=_SEED + 3,
        size=stage.config.image,
        device=stage.device,
        seconds=20,
        held_out=True,
    )
    target = fresh.batch(torch.arange(len(fresh.pictures), device=stage.device))
    output = _reconstruct(model, target)
    stage.log("autoencoder", psnr_db=psnr(output, target))
    pairs = torch.stack([target[:30], output[:30]], 1).flatten(0, 1)
    save_sheet(pairs / 2 + 0.5, stage.folder / "autoencoder.png", 10)
    return model


@torch.no_grad()
def _reconstruct(model: Autoencoder, target: Tensor) -> Tensor:
    return torch.cat([model.decode(model.encode(part)) for part in target.split(200)]).clamp(-1, 1)


def _flow(stage: Stage, options: argparse.Namespace, latents: Tensor, tokens: Tensor) -> Flow:
    if checkpoint.exists(stage.folder, "flow"):
        flow, _ = load_flow(stage.folder, "flow", stage.device)
    else:
        flow = train_flow(stage, latents, tokens, len(build_vocabulary()), options.flow_seconds, options.batch)
    if options.guidance_seconds and not checkpoint.exists(stage.folder, "guided"):
        return distil_guidance(stage, flow, latents, tokens, options.guidance_seconds, options.batch)
    return flow


def load_probe(folder: Path, device: str | torch.device = "cpu") -> Probe:
    """The trained probe, frozen."""
    probe = Probe().to(device)
    probe.load_state_dict(
        {k: v.float() if v.is_floating_point() else v for k, v in checkpoint.load(folder, "probe", device)[0].items()}
    )
    return probe.eval().requires_grad_(False)


def load_autoencoder(folder: Path, device: str | torch.device = "cpu") -> Autoencoder:
    """The trained autoencoder, frozen."""
    tensors, header = checkpoint.load(folder, "autoencoder", device)
    model = Autoencoder(Config.from_dict(header["config"])).to(device)
    model.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in tensors.items()})
    return model.eval().requires_grad_(False)
