"""The commands ``evaluate``, ``export`` and ``sample``."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import torch

from ..scenes.sheet import save_sheet
from . import evaluate
from .probe import Probe
from .stages import load_flow
from .torch_painter import torch_painter
from .train import load_autoencoder, load_probe


def _torch_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", type=Path, default=Path("runs/text-to-image"), help="folder that train wrote")
    parser.add_argument("--onnx", type=Path, help="use the exported parts in this folder instead")
    parser.add_argument("--adapter", type=Path, help="style adapter to paint with (needs --onnx)")
    parser.add_argument("--adapter-scale", type=float, default=1.0)
    parser.add_argument("--model", choices=("flow", "guided"), default="guided")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--shift", type=float, default=1.6)
    parser.add_argument("--batch", type=int, default=50)


def _painter(options: argparse.Namespace) -> tuple[evaluate.Painter, Probe]:
    """A painter and the probe, from the exported parts or from what ``train`` left."""
    if options.onnx:
        from .onnx_painter import OnnxParts, OnnxProbe

        parts = OnnxParts(options.onnx)
        if options.adapter:
            parts.use_adapter(options.adapter, options.adapter_scale)
        return parts.painter(options.steps, options.guidance, options.shift), OnnxProbe(parts)
    flow, header = load_flow(options.run, options.model, options.device)
    paint = torch_painter(
        flow,
        load_autoencoder(options.run, options.device),
        distilled=header["distilled"],
        steps=options.steps,
        guidance=options.guidance,
        shift=options.shift,
    )
    return paint, load_probe(options.run, options.device)


def evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of ``evaluate``."""
    _torch_options(parser)
    parser.add_argument("--count", type=int, default=500, help="held-out captions")
    parser.add_argument("--sheet", type=Path, help="also write the first 60 pictures")
    parser.add_argument("--full", action="store_true", help="also feature distance and diversity")


def run_evaluate(options: argparse.Namespace) -> None:
    """Print the figures as JSON."""
    paint, probe = _painter(options)
    start = time.monotonic()
    figures, pictures = evaluate.attribute_figures(paint, probe, options.count, options.batch)
    result: dict[str, object] = {
        "attributes": {name: round(value, 4) for name, value in figures.items()},
        "captions": options.count,
        "steps": options.steps,
        "guidance": options.guidance,
        "shift": options.shift,
        "seconds_per_picture": round((time.monotonic() - start) / options.count, 3),
    }
    if options.full:
        _, scenes = evaluate.held_out_captions(options.count)
        real = evaluate.embeddings(probe, evaluate.render_references(scenes))
        again = evaluate.embeddings(probe, evaluate.render_references(scenes, 1))
        made = evaluate.embeddings(probe, pictures)
        result["renders"] = evaluate.attribute_figures_of_renders(probe, scenes)
        result["frechet"] = {
            "made": evaluate.frechet_distance(made, real),
            "rendered": evaluate.frechet_distance(again, real),
        }
        result["diversity"] = evaluate.diversity_figures(paint, probe)
    print(json.dumps(result), flush=True)
    if options.sheet:
        save_sheet(pictures[:60] / 2 + 0.5, options.sheet, 10)


def export_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of ``export``."""
    parser.add_argument("--run", type=Path, default=Path("runs/text-to-image"))
    parser.add_argument("--model", choices=("flow", "guided"), default="guided")
    parser.add_argument("--out", type=Path, required=True, help="folder for the ONNX parts and manifest.json")


def run_export(options: argparse.Namespace) -> None:
    """Write the parts."""
    from .export import export_all

    for path in export_all(options.run, options.model, options.out):
        print(path, path.stat().st_size)


def complete_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of ``complete``."""
    parser.add_argument("--onnx", type=Path, required=True, help="folder with the exported parts")


def run_complete(options: argparse.Namespace) -> None:
    """Write what training adapters and previews need."""
    from .export import complete

    print(complete(options.onnx))


def sample_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of ``sample``."""
    _torch_options(parser)
    parser.add_argument("captions", nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=4, help="pictures per caption")
    parser.add_argument("--out", type=Path, default=Path("samples.png"))


def run_sample(options: argparse.Namespace) -> None:
    """One row of pictures per caption."""
    paint, _ = _painter(options)
    seeds = [options.seed + number for number in range(options.count)]
    pictures = torch.cat([paint([text] * options.count, seeds) for text in options.captions])
    save_sheet(pictures / 2 + 0.5, options.out, options.count)
    print(f"wrote {options.out}")
