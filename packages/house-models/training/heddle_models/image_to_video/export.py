"""The video denoiser as ONNX with a manifest.

denoiser: ``latent`` [B, F, C, s, s] (noise at time 1), ``timestep`` [B] in (0, 1], ``first`` [B, C, s, s] (the picture
through the text-to-image encoder), ``motion`` int64 [B] → ``velocity`` like ``latent``. Frames are decoded by the
text-to-image decoder. Float32 at run time; weights are stored as float16.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from torch import Tensor

from ..export import write_onnx
from ..scenes.motion import MOTIONS
from ..text_to_image.export import part_facts, round_half
from ..text_to_image.onnx_weights import tidy
from ..text_to_image.sampler import SHIFT
from .network import VideoConfig, VideoDenoiser
from .train import load_video

VERSION = "1.0.0"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of ``export``."""
    parser.add_argument("--run", type=Path, default=Path("runs/image-to-video"), help="folder that train wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder for the ONNX part and manifest.json")


def run(options: argparse.Namespace) -> None:
    """Write network and manifest."""
    model, header = load_video(options.run)
    round_half(model)
    path = write_denoiser(model, options.out)
    manifest = options.out / "manifest.json"
    facts = _manifest(model.config, header, path)
    manifest.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(path, path.stat().st_size)


def example(config: VideoConfig, rows: int = 2) -> tuple[Tensor, ...]:
    """Random inputs of the network, in order."""
    shape = (config.latent_channels, config.latent, config.latent)
    return (
        torch.randn(rows, config.frames, *shape),
        torch.rand(rows) * 0.9 + 0.1,
        torch.randn(rows, *shape),
        torch.arange(rows) % config.motions,
    )


def write_denoiser(model: VideoDenoiser, folder: Path) -> Path:
    """Write ``denoiser.onnx`` with a free batch; returns its path."""
    path, free = folder / "denoiser.onnx", {0: "batch"}
    names = ("latent", "timestep", "first", "motion")
    write_onnx(model, example(model.config), path, inputs={name: free for name in names}, outputs={"velocity": free})
    tidy(path, model)
    return path


def _manifest(config: VideoConfig, header: dict, path: Path) -> dict:
    return {
        "id": "house-image-to-video",
        "version": VERSION,
        "title": "House image-to-video",
        "op": "image-to-video",
        "licence": "Apache-2.0",
        "parts": {"denoiser": part_facts(path)},
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
