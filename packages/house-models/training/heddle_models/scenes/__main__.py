"""``python -m heddle_models.scenes``: ``sheet`` draws a contact sheet of random scenes, ``lesson`` a training set."""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np

from ..scenes import render, sample
from .attributes import STYLES
from .captions import caption
from .lesson import draw_lesson
from .sheet import save_sheet


def main() -> None:
    """Parse the command line and write the sheet."""
    parser = argparse.ArgumentParser(prog="heddle_models.scenes", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    sheet = commands.add_parser("sheet", help="write a PNG with many scenes")
    sheet.add_argument("--count", type=int, default=60, help="how many scenes (default 60)")
    sheet.add_argument("--columns", type=int, default=10)
    sheet.add_argument("--size", type=int, default=128, help="side of one picture in pixels (default 128)")
    sheet.add_argument("--seed", type=int, default=0)
    sheet.add_argument("--style", choices=STYLES, help="only this style")
    sheet.add_argument("--device", default="cpu")
    sheet.add_argument("--captions", action="store_true", help="print a caption for every scene")
    sheet.add_argument("--out", type=Path, default=Path("scenes.png"))
    lesson = commands.add_parser("lesson", help="write the pictures that the example train-lora learns from")
    lesson.add_argument("--out", type=Path, required=True, help="folder for them")
    options = parser.parse_args()
    if options.command == "lesson":
        print("\n".join(draw_lesson(options.out)))
        return

    scenes = sample(options.count, np.random.default_rng(options.seed))
    if options.style:
        scenes.style[:] = STYLES.index(options.style)
    save_sheet(render(scenes, size=options.size, device=options.device), options.out, options.columns)
    if options.captions:
        dice = random.Random(options.seed)
        for row in range(len(scenes)):
            print(row, caption(scenes, row, dice))
    print(f"wrote {options.out}")


if __name__ == "__main__":
    main()
