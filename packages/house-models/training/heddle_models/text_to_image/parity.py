"""What PyTorch computes from inputs that any language can make again, to hold the exported networks against.

``parity.json``: one case per network and adapter setting. An input is ``noise(seed) · scale + shift`` (see
``sampler.noise``) of a shape, or plain integers; an output is kept as every n-th of its values and its norm.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from torch import Tensor, nn

from ..image_to_video.mover import Mover, Segmenter
from ..image_to_video.network import VideoConfig, VideoDenoiser
from .adapter_gradient import AdapterGradient
from .export import DecoderPart, DenoiserPart, EncoderPart
from .onnx_weights import fill, load_parts, read_weights
from .sampler import noise

_KEPT = 600  # values of an output, about


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of ``parity``."""
    parser.add_argument("--weights", type=Path, required=True, help="folder with text-to-image/ and image-to-video/")
    parser.add_argument("--out", type=Path, required=True, help="parity.json")


@torch.no_grad()
def run(options: argparse.Namespace) -> None:
    """Compute all cases and write them."""
    cases = [*_painting_cases(options.weights / "text-to-image"), *_video_cases(options.weights / "image-to-video")]
    options.out.write_text(json.dumps({"cases": cases}) + "\n", encoding="utf-8")
    print(f"wrote {len(cases)} cases to {options.out}")


def floats(shape: tuple[int, ...], seed: int, scale: float = 1.0, shift: float = 0.0) -> dict:
    """An input of normal noise, scaled and shifted."""
    return {"shape": list(shape), "seed": seed, "scale": scale, "shift": shift}


def numbers(values: list) -> dict:
    """An input of given numbers (nested lists); whole ones are int64."""
    return {"values": values}


def tensor_of(spec: dict) -> Tensor:
    """The input that a specification describes."""
    if "values" in spec:
        return torch.tensor(spec["values"])
    return noise(spec["seed"], tuple(spec["shape"])) * spec["scale"] + spec["shift"]


def case(name: str, file: str, network: nn.Module, inputs: dict[str, dict], outputs: tuple[str, ...]) -> dict:
    """Run ``network`` on ``inputs`` (in its own order) and keep a part of what it gives."""
    results = network.eval()(*(tensor_of(spec) for spec in inputs.values()))
    results = results if isinstance(results, tuple) else (results,)
    kept = {}
    for output, value in zip(outputs, results, strict=True):
        flat = value.flatten()
        every = max(1, len(flat) // _KEPT)
        values = [float(f"{number:.7g}") for number in flat[::every].tolist()]
        kept[output] = {"shape": list(value.shape), "every": every, "norm": float(flat.norm()), "values": values}
    return {"name": name, "file": file, "inputs": inputs, "outputs": kept}


def _painting_cases(folder: Path) -> list[dict]:
    flow, autoencoder = load_parts(folder)
    config = flow.denoiser.config
    latent = (config.latent_channels, config.latent, config.latent)
    wide, depth = config.width, config.depth
    bent = {
        "latent": floats((2, *latent), 1),
        "timestep": numbers([0.9, 0.3]),
        "guidance": numbers([3.0, 1.0]),
        "text": floats((2, config.text_tokens, wide), 2, 0.5),
    }
    none = {
        "lora_a": floats((1, depth, 1, 7 * wide), 3, 0.0),
        "lora_b": floats((1, depth, 9 * wide, 1), 4, 0.0),
        "lora_index": numbers([[0], [0]]),
        "lora_scale": numbers([[0.0], [0.0]]),
    }
    mixed = {
        "lora_a": floats((3, depth, 2, 7 * wide), 5, 0.06),
        "lora_b": floats((3, depth, 9 * wide, 2), 6, 0.05),
        "lora_index": numbers([[0, 2], [1, 1]]),
        "lora_scale": numbers([[1.0, 0.5], [0.75, 0.0]]),
    }
    gradient = {
        **bent,
        "target": floats((2, *latent), 7),
        "lora_a": floats((depth, 4, 7 * wide), 8, 0.06),
        "lora_b": floats((depth, 9 * wide, 4), 9, 0.02),
    }
    words = numbers([[5, 40, 7, 120, *[0] * (config.text_tokens - 4)]])
    picture = floats((1, 3, config.image, config.image), 10, 0.15, 0.5)
    part, where = DenoiserPart(flow.denoiser, None), "text-to-image/"
    return [
        case("text encoder", where + "text-encoder.onnx", flow.text, {"ids": words}, ("text",)),
        case("denoiser without adapters", where + "denoiser.onnx", part, {**bent, **none}, ("velocity",)),
        case("denoiser with mixed adapters", where + "denoiser.onnx", part, {**bent, **mixed}, ("velocity",)),
        case("encoder", where + "encoder.onnx", EncoderPart(autoencoder), {"picture": picture}, ("latent",)),
        case(
            "decoder",
            where + "decoder.onnx",
            DecoderPart(autoencoder),
            {"latent": floats((1, *latent), 11)},
            ("picture",),
        ),
        case(
            "adapter gradient",
            where + "lora-gradient.onnx",
            AdapterGradient(flow.denoiser),
            gradient,
            ("loss", "grad_a", "grad_b"),
        ),
    ]


def _video_cases(folder: Path) -> list[dict]:
    if not (folder / "denoiser.onnx").exists():
        return []
    config = VideoConfig()
    denoiser = fill(VideoDenoiser(config), read_weights(folder / "denoiser.onnx"))
    weights = read_weights(folder / "mover.onnx")
    segmenter = fill(Segmenter(), {name.removeprefix("segmenter."): value for name, value in weights.items()})
    mover = Mover(config, segmenter, EncoderPart(load_parts(folder.parent / "text-to-image")[1]))
    latent = (config.frames, config.latent_channels, config.latent, config.latent)
    steps = {
        "latent": floats((2, *latent), 12),
        "timestep": numbers([0.95, 0.4]),
        "guide": floats((2, *latent), 13),
        "motion": numbers([0, 5]),
    }
    picture = floats((1, 3, config.image, config.image), 14, 0.15, 0.5)
    return [
        case("video denoiser", "image-to-video/denoiser.onnx", denoiser, steps, ("velocity",)),
        *(
            case(f"video mover, motion {number}", "image-to-video/mover.onnx", mover, inputs, ("guide",))
            for number in (1, 4, 5)
            for inputs in [{"picture": picture, "motion": numbers([number])}]
        ),
    ]
