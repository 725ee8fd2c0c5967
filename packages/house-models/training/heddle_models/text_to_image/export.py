"""The trained networks as ONNX parts with a manifest.

text-encoder: ``ids`` int64 [B, 32] → ``text`` [B, 32, 256].

denoiser: ``latent`` [B, 16, 16, 16], ``timestep`` [B] (1 noise … 0 picture), ``guidance`` [B] (1…8), ``text``
[B, 32, 256], ``lora_a`` [K, 9, R, 1792], ``lora_b`` [K, 9, 2304, R], ``lora_index`` int64 [B, S], ``lora_scale`` [B, S]
→ ``velocity`` like ``latent``. K adapters of rank R in the banks, S slots a row.

encoder: ``picture`` [B, 3, 128, 128] in 0–1 → ``latent`` [B, 16, 16, 16]. decoder: the other way.

lora-gradient: one training step of an adapter, see ``gradient_export.py``; its weights are those of denoiser.onnx.

probe: ``picture`` in 0–1 → one [B, classes] of logits per attribute, and ``embedding`` [B, 128].

Everything is float32 at run time; weights are stored as float16. Without adapters give zero banks with K = R = S = 1.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import torch
from torch import Tensor, nn

from ..export import write_onnx
from ..scenes import attributes
from .config import Config
from .gradient_export import write_gradient
from .onnx_weights import load_parts, tidy
from .preview import fit_preview
from .probe import HEADS, Probe
from .sampler import SHIFT
from .stages import Flow, load_flow
from .tokenizer import build_vocabulary
from .train import load_autoencoder, load_probe
from .transformer import LORA_A_SPANS, LORA_B_SPANS, LORA_TARGETS, Denoiser, LoraRows

VERSION = "1.0.0"


class DenoiserPart(nn.Module):
    """The denoiser with LoRA banks; a denoiser that was not distilled is run twice, against the empty caption."""

    def __init__(self, denoiser: Denoiser, empty: Tensor | None) -> None:
        super().__init__()
        self.denoiser = denoiser
        self.guides_itself = empty is None
        self.register_buffer("empty", torch.zeros(1) if empty is None else empty)

    def forward(
        self,
        latent: Tensor,
        timestep: Tensor,
        guidance: Tensor,
        text: Tensor,
        lora_a: Tensor,
        lora_b: Tensor,
        lora_index: Tensor,
        lora_scale: Tensor,
    ) -> Tensor:
        """One velocity per row; see the table above."""
        if self.guides_itself:
            lora = LoraRows.pick(lora_a, lora_b, lora_index, lora_scale)
            return self.denoiser(latent, timestep, guidance, text, lora)
        lora = LoraRows.pick(lora_a, lora_b, lora_index.repeat(2, 1), lora_scale.repeat(2, 1))
        both = torch.cat([text, self.empty.expand_as(text)])
        one = torch.ones_like(timestep).repeat(2)
        wanted, without = self.denoiser(latent.repeat(2, 1, 1, 1), timestep.repeat(2), one, both, lora).chunk(2)
        return without + guidance[:, None, None, None] * (wanted - without)


class EncoderPart(nn.Module):
    """Pictures in 0–1 to latents."""

    def __init__(self, autoencoder: nn.Module) -> None:
        super().__init__()
        self.autoencoder = autoencoder

    def forward(self, picture: Tensor) -> Tensor:
        """[B, 3, S, S] → [B, C, S/8, S/8]."""
        return self.autoencoder.encode(picture * 2 - 1)


class DecoderPart(nn.Module):
    """Latents to pictures in 0–1."""

    def __init__(self, autoencoder: nn.Module) -> None:
        super().__init__()
        self.autoencoder = autoencoder

    def forward(self, latent: Tensor) -> Tensor:
        """[B, C, s, s] → [B, 3, 8s, 8s]."""
        return (self.autoencoder.decode(latent) * 0.5 + 0.5).clamp(0, 1)


class ProbePart(nn.Module):
    """Pictures in 0–1 to logits, in the order of ``HEADS``, and the embedding."""

    def __init__(self, probe: Probe) -> None:
        super().__init__()
        self.probe = probe

    def forward(self, picture: Tensor) -> tuple[Tensor, ...]:
        """[B, 3, S, S] → one [B, classes] per attribute, then [B, 128]."""
        vector = self.probe.embed(picture * 2 - 1)
        return (*(self.probe.heads[name](vector) for name in HEADS), vector)


def denoiser_example(
    config: Config, rows: int = 2, adapters: int = 3, rank: int = 2, slots: int = 2
) -> tuple[Tensor, ...]:
    """Random inputs of the denoiser part, in order."""
    w, depth, side = config.width, config.depth, config.latent
    return (
        torch.randn(rows, config.latent_channels, side, side),
        torch.rand(rows),
        1 + 5 * torch.rand(rows),
        torch.randn(rows, config.text_tokens, w),
        torch.randn(adapters, depth, rank, 7 * w) * 0.1,
        torch.randn(adapters, depth, 9 * w, rank) * 0.1,
        torch.randint(0, adapters, (rows, slots)),
        torch.rand(rows, slots),
    )


def write_parts(flow: Flow, autoencoder: nn.Module, probe: Probe, folder: Path, *, distilled: bool) -> dict[str, Path]:
    """Write all parts with float16 weights; returns their paths by name."""
    config = flow.denoiser.config
    side, image = config.latent, config.image
    empty = None if distilled else flow.text(torch.zeros(1, config.text_tokens, dtype=torch.long))
    free, square = {0: "batch"}, (2, 3, image, image)
    jobs = {
        "text-encoder": (flow.text, (torch.randint(0, 300, (2, config.text_tokens)),), {"ids": free}, {"text": free}),
        "denoiser": (
            DenoiserPart(flow.denoiser, empty),
            denoiser_example(config),
            {
                "latent": free,
                "timestep": free,
                "guidance": free,
                "text": free,
                "lora_a": {0: "adapters", 2: "rank"},
                "lora_b": {0: "adapters", 3: "rank"},
                "lora_index": {0: "batch", 1: "slots"},
                "lora_scale": {0: "batch", 1: "slots"},
            },
            {"velocity": free},
        ),
        "encoder": (EncoderPart(autoencoder), (torch.rand(square),), {"picture": free}, {"latent": free}),
        "decoder": (
            DecoderPart(autoencoder),
            (torch.randn(2, config.latent_channels, side, side),),
            {"latent": free},
            {"picture": free},
        ),
        "probe": (
            ProbePart(probe),
            (torch.rand(2, 3, max(64, image), max(64, image)),),
            {"picture": free},
            {**{name: free for name in HEADS}, "embedding": free},
        ),
    }
    paths = {}
    for name, (network, example, inputs, outputs) in jobs.items():
        paths[name] = folder / f"{name}.onnx"
        write_onnx(network, example, paths[name], inputs=inputs, outputs=outputs)
        tidy(paths[name], network, lossy=name == "probe")
    return paths


def round_half(module: nn.Module) -> None:
    """Round every weight to a float16 value, so that what is stored is what was measured."""
    for value in module.state_dict().values():
        if value.is_floating_point():
            value.copy_(value.half().float())


def export_all(run: Path, model: str, out: Path) -> list[Path]:
    """Export what ``train`` left in ``run`` to ``out``, with ``manifest.json``."""
    flow, header = load_flow(run, model)
    autoencoder, probe = load_autoencoder(run), load_probe(run)
    for module in (autoencoder, probe):
        round_half(module)
    paths = write_parts(flow, autoencoder, probe, out, distilled=header["distilled"])
    if header["distilled"]:
        paths["lora-gradient"] = write_gradient(flow.denoiser, out)
    manifest = out / "manifest.json"
    facts = _manifest(flow, header, paths) | {"preview": fit_preview(autoencoder)}
    manifest.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return [*paths.values(), manifest]


def part_facts(path: Path) -> dict:
    """What a manifest says about a file."""
    data = path.read_bytes()
    return {"file": path.name, "sizeBytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def complete(folder: Path) -> Path:
    """Add ``lora-gradient.onnx`` to released parts, and it and the fit of previews to their manifest."""
    flow, autoencoder = load_parts(folder)
    path = write_gradient(flow.denoiser, folder)
    manifest = folder / "manifest.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    facts["parts"]["lora-gradient"] = part_facts(path)
    facts["preview"] = fit_preview(autoencoder)
    manifest.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _manifest(flow: Flow, header: dict, paths: dict[str, Path]) -> dict:
    config = flow.denoiser.config
    return {
        "id": "house-text-to-image",
        "version": VERSION,
        "title": "House text-to-image",
        "op": "text-to-image",
        "licence": "Apache-2.0",
        "parts": {name: part_facts(path) for name, path in paths.items()},
        "config": config.to_dict(),
        "trainedSteps": header["steps"],
        "sampler": {
            "kind": "rectified-flow-euler",
            "shift": SHIFT,
            "steps": {"min": 4, "max": 30, "default": 12},
            "guidance": {"min": 1, "max": 8, "default": 3, "input": True},
            "noise": "SplitMix64, upper 32 bits, Box-Muller pairs; see training/heddle_models/text_to_image/sampler.py",
        },
        "lora": {
            "targets": {name: [*LORA_A_SPANS[name], *LORA_B_SPANS[name]] for name in LORA_TARGETS},
            "unit": config.width,
            "layers": config.depth,
            "note": "a target's A is lora_a[..., p0*unit:p1*unit], its B is lora_b[..., p2*unit:p3*unit, :]",
        },
        "tokenizer": {"kind": "greedy-longest-match", "length": config.text_tokens, "vocabulary": build_vocabulary()},
        "attributes": {
            "landscape": attributes.LANDSCAPES,
            "time": attributes.TIMES,
            "sky": attributes.SKIES,
            "object": attributes.OBJECTS,
            "colour": attributes.COLOURS,
            "place": attributes.PLACES,
            "style": attributes.STYLES,
        },
    }
