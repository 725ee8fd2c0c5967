"""`python -m heddle_models.upscaler prepare|train|evaluate|export`."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import torch
from PIL import Image

from heddle_models.export import PACKAGE
from heddle_models.upscaler.evaluate import evaluate, mean_gain, table
from heddle_models.upscaler.export import FILE_NAME, export_upscaler, load_exported
from heddle_models.upscaler.prepare import prepare
from heddle_models.upscaler.train import Recipe, Training, load_averaged, train

PHOTOS = PACKAGE / "evaluation" / "photos"
WEIGHTS = PACKAGE / "weights" / "upscaler-4x"
WORK = PACKAGE / "training" / "data" / "upscaler"
"""Ignored by git: downloads, tiles, checkpoints."""


def main() -> None:
    arguments = _parser().parse_args()
    arguments.command(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m heddle_models.upscaler", description=__doc__)
    commands = parser.add_subparsers(required=True)
    recipe = Recipe()

    command = commands.add_parser("prepare", help="fetch the free pictures and pack their tiles (needs Debian's apt)")
    command.add_argument("--downloads", type=Path, default=WORK / "downloads")
    command.add_argument("--pack", type=Path, default=WORK / "tiles.zip")
    command.add_argument("--most-mb", type=float, default=50, help="size of the pack")
    command.set_defaults(command=_prepare)

    command = commands.add_parser("train", help="train, or go on from the checkpoint")
    command.add_argument("--pack", type=Path, default=WORK / "tiles.zip")
    command.add_argument("--checkpoint", type=Path, default=WORK / "checkpoint.pt")
    command.add_argument("--steps", type=int, default=recipe.steps)
    command.add_argument("--minutes", type=float, default=math.inf, help="stop by the clock instead")
    command.add_argument("--batch", type=int, default=recipe.batch)
    command.add_argument("--crop", type=int, default=recipe.crop)
    command.add_argument("--seed", type=int, default=recipe.seed)
    command.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves PyTorch's choice")
    command.add_argument("--most-tiles", type=int, default=None, help="for a quick trial")
    command.add_argument("--photos", type=Path, default=PHOTOS)
    command.set_defaults(command=_train)

    command = commands.add_parser("evaluate", help="PSNR against bicubic on held-out photographs")
    command.add_argument("--checkpoint", type=Path, default=None, help="left out: the committed weights")
    command.add_argument("--photos", type=Path, default=PHOTOS)
    command.set_defaults(command=_evaluate)

    command = commands.add_parser("export", help="write the ONNX weights and their manifest")
    command.add_argument("--checkpoint", type=Path, default=WORK / "checkpoint.pt")
    command.add_argument("--photos", type=Path, default=PHOTOS)
    command.add_argument("--weights", type=Path, default=WEIGHTS)
    command.set_defaults(command=_export)
    return parser


def _prepare(arguments: argparse.Namespace) -> None:
    print(prepare(arguments.downloads, arguments.pack, round(arguments.most_mb * 1e6)))


def _train(arguments: argparse.Namespace) -> None:
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    recipe = Recipe(
        steps=arguments.steps,
        minutes=arguments.minutes,
        batch=arguments.batch,
        crop=arguments.crop,
        seed=arguments.seed,
    )

    def report(line: str, training: Training) -> None:
        # Shown, never used to choose: the weights are those at the end, whatever this says on the way.
        gain = mean_gain(evaluate(training.averaged, arguments.photos))
        print(f"{line}, held-out gain {gain:+.3f} dB", flush=True)

    train(arguments.pack, arguments.checkpoint, recipe, report, arguments.most_tiles)
    _evaluate(arguments)


def _evaluate(arguments: argparse.Namespace) -> None:
    network = load_averaged(arguments.checkpoint) if arguments.checkpoint else load_exported(WEIGHTS / FILE_NAME)
    for reduction in (Image.Resampling.BICUBIC, Image.Resampling.LANCZOS, Image.Resampling.BOX):
        print(f"\nmade small with {reduction.name.lower()}\n{table(evaluate(network, arguments.photos, reduction))}")


def _export(arguments: argparse.Namespace) -> None:
    print(export_upscaler(arguments.checkpoint, arguments.photos, arguments.weights))


if __name__ == "__main__":
    main()
