"""``python -m heddle_models.evaluation --onnx … --out …``: train the probes, write the held-out sets."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from ..export import write_onnx
from ..text_to_image.onnx_painter import OnnxParts, OnnxProbe
from . import probes, sets


def main() -> None:
    """Parse the command line and write everything that is not there yet."""
    parser = argparse.ArgumentParser(prog="heddle_models.evaluation", description=__doc__)
    parser.add_argument("--onnx", type=Path, required=True, help="folder with the text-to-image parts")
    parser.add_argument("--out", type=Path, required=True, help="evaluation folder of the package")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(12)
    options.out.mkdir(parents=True, exist_ok=True)
    if not (options.out / "look-probe.onnx").exists():
        _look_probe(options.out)
    if not (options.out / "motion-probe.onnx").exists():
        _motion_probe(options.out)
    if not (options.out / "captions.json").exists():
        sets.write_captions(options.out, OnnxProbe(OnnxParts(options.onnx, options.threads)))
    if not (options.out / "clips").exists():
        sets.write_clips(options.out)


def _look_probe(folder: Path) -> None:
    probe = probes.train_look_probe(*probes.look_renders(220, 5))
    share = probes.accuracy(probe, *probes.look_renders(30, 6))
    _write(folder, "look-probe", probe, torch.rand(2, 3, 128, 128), "picture", list(probes.LOOK_NAMES), share)


def _motion_probe(folder: Path) -> None:
    probe = probes.train_motion_probe(*probes.clip_renders(640, 7))
    share = probes.accuracy(probe, *probes.clip_renders(160, 8))
    example = torch.rand(2, len(probes.SEEN), 3, 128, 128)
    _write(folder, "motion-probe", probe, example, "clip", list(probes.MOTIONS), share)


def _write(
    folder: Path, name: str, probe: torch.nn.Module, example: torch.Tensor, input: str, classes: list[str], share: float
) -> None:
    free = {0: "batch"}
    write_onnx(probe, (example,), folder / f"{name}.onnx", inputs={input: free}, outputs={"logits": free})
    facts = {"classes": classes, "correctOnRenders": round(share, 4)}
    (folder / f"{name}.json").write_text(json.dumps(facts) + "\n", encoding="utf-8")
    print(f"{name}: {100 * share:.1f} % of renders it never saw", flush=True)


if __name__ == "__main__":
    main()
