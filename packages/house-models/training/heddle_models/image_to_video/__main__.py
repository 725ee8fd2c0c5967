"""``python -m heddle_models.image_to_video segment|clips|train|export`` (``--help`` after each)."""

from __future__ import annotations

import argparse

import torch

from . import data, export, segment, train


def main() -> None:
    """Parse the command line and run one command."""
    parser = argparse.ArgumentParser(prog="heddle_models.image_to_video", description=__doc__)
    parser.add_argument("--threads", type=int, help="CPU threads (default: all)")
    subparsers = parser.add_subparsers(dest="command", required=True)
    table = {
        "segment": (segment.add_arguments, segment.run, "train the network that finds the object"),
        "clips": (data.add_arguments, data.run, "render and encode moving scenes"),
        "export": (export.add_arguments, export.run, "write the ONNX part and its manifest"),
        "train": (train.add_arguments, train.run, "train the video denoiser"),
    }
    for name, (arguments, _, text) in table.items():
        arguments(subparsers.add_parser(name, help=text))
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    table[options.command][1](options)


if __name__ == "__main__":
    main()
