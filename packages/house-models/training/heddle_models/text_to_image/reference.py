"""What other languages must make again: tokens, noise, times and pictures of the exported parts.

``python -m heddle_models.text_to_image.reference`` writes ``evaluation/text-to-image/``: ``reference.json`` and a PNG
for each case. The tests of the runner hold its own sampler against them. Run it again whenever the weights change.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from .onnx_painter import OnnxParts
from .sampler import noise, schedule

PACKAGE = Path(__file__).parents[3]
TEXTS = (
    "",
    "a red sailing boat at sea at dusk, watercolour",
    "A RED Boat, at DUSK!",
    "two boats and 3 lighthouses",
    "zq7",
    "Moonlit farmhouse; woodland-ish, sunlight",
    "café, naïve: 火山 🌋",
    "İstanbul, ſea and ℷ, 42 K",
    "it's a don't-know\nwith\ttabs",
    "word " * 100,
    "x" * 500,
    "supercalifragilisticexpialidocious mushroom",
)
CASES = (
    {"name": "boat", "prompt": "a red sailing boat at sea at dusk, watercolour", "seed": 5, "steps": 12, "guidance": 3},
    {
        "name": "windmill",
        "prompt": "a yellow windmill in the fields by day",
        "seed": 4294967295,
        "steps": 4,
        "guidance": 5.5,
    },
    {
        "name": "boat-at-night",
        "prompt": "a red sailing boat at sea at night under the stars, flat illustration",
        "seed": 7,
        "steps": 10,
        "guidance": 3,
        "picture": "boat",
        "strength": 0.7,
    },
    {
        "name": "boat-with-balloon",
        "prompt": "a blue balloon on the left and a red boat at sea at dusk, watercolour",
        "seed": 11,
        "steps": 12,
        "guidance": 4,
        "picture": "boat",
        "mask": "mask",
    },
)


class Reference:
    """Paints on the exported parts, one picture at a time."""

    def __init__(self, weights: Path) -> None:
        self.parts = OnnxParts(weights)
        config = self.parts.manifest["config"]
        self.side = config["image"]
        self.shape = (1, config["latent_channels"], config["image"] // 8, config["image"] // 8)

    def paint(self, case: dict, picture: np.ndarray | None, mask: np.ndarray | None) -> np.ndarray:
        """One picture, uint8 [S, S, 3]; ``picture`` alike, ``mask`` uint8 [S, S], white where it is painted anew."""
        text = self.parts.run("text-encoder", ids=self.parts.tokenizer.batch([case["prompt"]]))
        fresh = noise(case["seed"], self.shape)
        times = schedule(case["steps"], case.get("strength", 1.0))
        known = None if picture is None else self.encode(picture)
        free = None if mask is None else self.free_cells(mask)
        latent = fresh if known is None else (1 - times[0]) * known + times[0] * fresh
        for now, later in itertools.pairwise(times):
            latent = latent + (later - now) * self.parts.velocity(latent, now, case["guidance"], text)
            if free is not None:
                latent = free * latent + (1 - free) * ((1 - later) * known + later * fresh)
        painted = torch.from_numpy(self.parts.run("decoder", latent=latent.numpy()))[0].permute(1, 2, 0).numpy() * 255
        if mask is not None:
            share = mask[:, :, None].astype(np.float32) / 255
            painted = share * painted + (1 - share) * picture
        return np.floor(painted + 0.5).clip(0, 255).astype(np.uint8)

    def encode(self, picture: np.ndarray) -> Tensor:
        """The latent [1, C, s, s] of a picture."""
        values = picture.astype(np.float32).transpose(2, 0, 1)[None] / 255
        return torch.from_numpy(self.parts.run("encoder", picture=values))

    def free_cells(self, mask: np.ndarray) -> Tensor:
        """[1, 1, s, s]: the largest value of the mask in each cell of the latent grid, 0–1."""
        cells = mask.reshape(self.side // 8, 8, self.side // 8, 8).max(axis=(1, 3))
        return torch.from_numpy(cells.astype(np.float32) / 255)[None, None]


def sample_mask(side: int) -> np.ndarray:
    """A soft disc in the upper left quarter; uint8 [side, side]."""
    y, x = np.mgrid[0:side, 0:side]
    distance = np.hypot(x - side * 0.25, y - side * 0.3)
    return ((side * 0.24 - distance) / 6 * 255).clip(0, 255).astype(np.uint8)


def main() -> None:
    """Write every case."""
    folder = PACKAGE / "evaluation" / "text-to-image"
    folder.mkdir(parents=True, exist_ok=True)
    reference = Reference(PACKAGE / "weights" / "text-to-image")
    made = {"mask": sample_mask(reference.side)}
    for case in CASES:
        made[case["name"]] = reference.paint(case, made.get(case.get("picture")), made.get(case.get("mask")))
    for name, pixels in made.items():
        Image.fromarray(pixels).save(folder / f"{name}.png", optimize=True)
    manifest = reference.parts.manifest
    facts = {
        "parts": {name: part["sha256"] for name, part in manifest["parts"].items() if name != "probe"},
        "tokens": [{"text": text, "ids": reference.parts.tokenizer(text)} for text in TEXTS],
        "noise": [{"seed": seed, "values": noise(seed, (6,)).tolist()} for seed in (0, 1, 42, 4294967295)],
        "times": [
            {"steps": steps, "strength": strength, "values": schedule(steps, strength)}
            for steps, strength in ((4, 1.0), (12, 1.0), (10, 0.7), (30, 0.05))
        ],
        "cases": CASES,
    }
    (folder / "reference.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
