"""Captions to pictures with the exported parts on onnxruntime: what the product runs, in Python, to measure it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor

from .evaluate import Painter
from .lora import load_adapter
from .probe import HEADS
from .sampler import euler, noise, schedule
from .tokenizer import Tokenizer


class OnnxParts:
    """The parts in a folder with ``manifest.json``."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        self.manifest = json.loads((folder / "manifest.json").read_text())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # Threads that wait by spinning starve each other on a busy machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._sessions = {
            name: onnxruntime.InferenceSession(folder / part["file"], options, providers=["CPUExecutionProvider"])
            for name, part in self.manifest["parts"].items()
        }
        width, depth = self.manifest["config"]["width"], self.manifest["config"]["depth"]
        self._lora_a = np.zeros((1, depth, 1, 7 * width), np.float32)
        self._lora_b = np.zeros((1, depth, 9 * width, 1), np.float32)
        self._lora_scale = 0.0
        self.tokenizer = Tokenizer(self.manifest["tokenizer"]["vocabulary"], self.manifest["tokenizer"]["length"])

    def run_all(self, part: str, **inputs: np.ndarray) -> list[np.ndarray]:
        """All outputs of a part."""
        return self._sessions[part].run(None, inputs)

    def use_adapter(self, path: Path, scale: float = 1.0) -> None:
        """Paint under a style adapter from now on."""
        a, b = load_adapter(path)
        self._lora_a, self._lora_b, self._lora_scale = a[None].numpy(), b[None].numpy(), scale

    def run(self, part: str, **inputs: np.ndarray) -> np.ndarray:
        """The first output of a part."""
        return self.run_all(part, **inputs)[0]

    def velocity(self, latent: Tensor, t: float, guidance: float, text: np.ndarray) -> Tensor:
        """One denoising step's velocity, under the adapter if there is one."""
        rows = len(latent)
        out = self.run(
            "denoiser",
            latent=latent.numpy(),
            timestep=np.full(rows, t, np.float32),
            guidance=np.full(rows, guidance, np.float32),
            text=text,
            lora_a=self._lora_a,
            lora_b=self._lora_b,
            lora_index=np.zeros((rows, 1), np.int64),
            lora_scale=np.full((rows, 1), self._lora_scale, np.float32),
        )
        return torch.from_numpy(out)

    def painter(self, steps: int, guidance: float, shift: float) -> Painter:
        """A painter with these settings."""
        config = self.manifest["config"]
        side = config["image"] // 8

        def paint(captions: list[str], seeds: list[int]) -> Tensor:
            text = self.run("text-encoder", ids=self.tokenizer.batch(captions))
            start = torch.stack([noise(seed, (config["latent_channels"], side, side)) for seed in seeds])
            latent = euler(lambda x, t: self.velocity(x, t, guidance, text), start, schedule(steps, shift=shift))
            return torch.from_numpy(self.run("decoder", latent=latent.numpy())) * 2 - 1

        return paint


class OnnxProbe:
    """The exported probe, with the same face as ``Probe``."""

    device = torch.device("cpu")

    def __init__(self, parts: OnnxParts) -> None:
        self._parts = parts

    def __call__(self, picture: Tensor) -> dict[str, Tensor]:
        """Pictures [B, 3, S, S] in -1…1 to logits per attribute."""
        return {name: value for name, value in self._all(picture).items() if name in HEADS}

    def embed(self, picture: Tensor) -> Tensor:
        """One vector [B, 128] per picture."""
        return self._all(picture)["embedding"]

    def _all(self, picture: Tensor) -> dict[str, Tensor]:
        values = self._parts.run_all("probe", picture=(picture / 2 + 0.5).numpy())
        return {name: torch.from_numpy(value) for name, value in zip((*HEADS, "embedding"), values, strict=True)}
