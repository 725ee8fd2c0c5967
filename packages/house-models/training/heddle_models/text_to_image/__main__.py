"""``python -m heddle_models.text_to_image COMMAND``: see ``--help``, also after each command."""

from __future__ import annotations

import argparse

import torch

from . import commands, lora, parity, train


def main() -> None:
    """Parse the command line and run one command."""
    parser = argparse.ArgumentParser(prog="heddle_models.text_to_image", description=__doc__)
    parser.add_argument("--threads", type=int, help="CPU threads (default: all)")
    subparsers = parser.add_subparsers(dest="command", required=True)
    table = {
        "train": (train.add_arguments, train.run, "train all networks"),
        "evaluate": (commands.evaluate_arguments, commands.run_evaluate, "measure a trained or exported model"),
        "export": (commands.export_arguments, commands.run_export, "write the ONNX parts and their manifest"),
        "complete": (
            commands.complete_arguments,
            commands.run_complete,
            "add the graph that trains adapters, and the fit of previews, to exported parts",
        ),
        "lora": (lora.add_arguments, lora.run, "train a style adapter on renders in a look"),
        "parity": (parity.add_arguments, parity.run, "compute what the exported networks must compute"),
        "sample": (commands.sample_arguments, commands.run_sample, "paint captions"),
    }
    for name, (arguments, _, text) in table.items():
        arguments(subparsers.add_parser(name, help=text))
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    table[options.command][1](options)


if __name__ == "__main__":
    main()
