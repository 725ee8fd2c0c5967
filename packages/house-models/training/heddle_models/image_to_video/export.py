"""The video networks as ONNX parts with a manifest.

mover: ``picture`` [B, 3, S, S] in 0–1, ``motion`` int64 [B] → ``guide`` [B, F, C, s, s].

denoiser: ``latent`` [B, F, C, s, s] (noise at time 1), ``timestep`` [B] in (0, 1], ``guide`` like ``latent``,
``motion`` int64 [B] → ``velocity`` like ``latent``.

Frames are decoded by the text-to-image decoder. Float32 at run time; weights are stored as float16.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from torch import Tensor

from ..export import write_onnx
from ..scenes.motion import MOTIONS
from ..text_to_image.export import EncoderPart, part_facts, round_half
from ..text_to_image.onnx_weights import load_parts, tidy
from ..text_to_image.sampler import SHIFT
from .mover import Mover
from .network import VideoConfig, VideoDenoiser
from .segment import load_segmenter
from .train import load_video

VERSION = "1.0.0"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of ``export``."""
    parser.add_argument("--run", type=Path, default=Path("runs/image-to-video"), help="folder that train wrote")
    parser.add_argument("--onnx", type=Path, required=True, help="folder with the text-to-image parts")
    parser.add_argument("--out", type=Path, required=True, help="folder for the ONNX parts and manifest.json")


def run(options: argparse.Namespace) -> None:
    """Write the networks and the manifest."""
    model, header = load_video(options.run)
    mover = Mover(model.config, load_segmenter(options.run), EncoderPart(load_parts(options.onnx)[1]))
    for module in (model, mover):
        round_half(module)
    paths = {"mover": write_mover(mover, options.out), "denoiser": write_denoiser(model, options.out)}
    manifest = options.out / "manifest.json"
    facts = _manifest(model.config, header, paths)
    manifest.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for path in paths.values():
        print(path, path.stat().st_size)


def denoiser_example(config: VideoConfig, rows: int = 2) -> tuple[Tensor, ...]:
    """Random inputs of the network, in order."""
    shape = (config.latent_channels, config.latent, config.latent)
    return (
        torch.randn(rows, config.frames, *shape),
        torch.rand(rows) * 0.9 + 0.1,
        torch.randn(rows, config.frames, *shape),
        torch.arange(rows) % config.motions,
    )


def write_denoiser(model: VideoDenoiser, folder: Path) -> Path:
    """Write ``denoiser.onnx`` with a free batch; returns its path."""
    path, free = folder / "denoiser.onnx", {0: "batch"}
    names = ("latent", "timestep", "guide", "motion")
    write_onnx(
        model, denoiser_example(model.config), path, inputs={name: free for name in names}, outputs={"velocity": free}
    )
    tidy(path, model)
    return path


def write_mover(mover: Mover, folder: Path) -> Path:
    """Write ``mover.onnx`` with a free batch; returns its path."""
    path, free, size = folder / "mover.onnx", {0: "batch"}, mover.config.image
    inputs = {"picture": free, "motion": free}
    write_onnx(
        mover, (torch.rand(2, 3, size, size), torch.tensor([0, 4])), path, inputs=inputs, outputs={"guide": free}
    )
    tidy(path, mover)
    return path


def _manifest(config: VideoConfig, header: dict, paths: dict[str, Path]) -> dict:
    return {
        "id": "house-image-to-video",
        "version": VERSION,
        "title": "House image-to-video",
        "op": "image-to-video",
        "licence": "Apache-2.0",
        "parts": {name: part_facts(path) for name, path in paths.items()},
        "config": {
            "image": config.image,
            "frames": config.frames,
            "latentChannels": config.latent_channels,
            "framesPerSecond": 8,
        },
        "motions": list(MOTIONS),
        "sampler": {
            "kind": "rectified-flow-euler",
            "shift": SHIFT,
            "steps": {"min": 2, "max": 30, "default": 8},
            "noise": "as text-to-image, clip by clip: frames, channels, rows, columns",
        },
        "training": {"steps": header["steps"], "seconds": round(header["seconds"])},
    }
