"""Checkpoints as safetensors in pieces of at most 16 MB, so that they pass through anything."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

PIECE_BYTES = 15_500_000


def save(folder: Path, name: str, tensors: dict[str, Tensor], header: dict | None = None) -> list[Path]:
    """Write ``name-1.safetensors``, ``name-2.safetensors``, … and return their paths.

    ``header`` (JSON values) is kept in the first piece. A tensor larger than a piece is stored alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pieces: list[dict[str, Tensor]] = [{}]
    size = 0
    for key, value in tensors.items():
        value = value.detach().cpu().contiguous()
        bytes_ = value.numel() * value.element_size()
        if size + bytes_ > PIECE_BYTES and pieces[-1]:
            pieces.append({})
            size = 0
        pieces[-1][key] = value
        size += bytes_
    for old in folder.glob(f"{name}-*.safetensors"):
        if int(old.stem.rsplit("-", 1)[1]) > len(pieces):
            old.unlink()
    paths = []
    for number, piece in enumerate(pieces, 1):
        path = folder / f"{name}-{number}.safetensors"
        partial = path.with_suffix(".partial")
        save_file(piece, partial, metadata={"header": json.dumps({**(header or {}), "pieces": len(pieces)})})
        partial.rename(path)
        paths.append(path)
    return paths


def exists(folder: Path, name: str) -> bool:
    """Whether every piece of a checkpoint is there."""
    first = folder / f"{name}-1.safetensors"
    if not first.exists():
        return False
    with safe_open(first, framework="pt") as file:
        count = json.loads(file.metadata()["header"])["pieces"]
    return all((folder / f"{name}-{number}.safetensors").exists() for number in range(1, count + 1))


def load(folder: Path, name: str, device: str | torch.device = "cpu") -> tuple[dict[str, Tensor], dict]:
    """All tensors of a checkpoint and its header."""
    tensors: dict[str, Tensor] = {}
    header: dict = {}
    number, count = 1, 1
    while number <= count:
        with safe_open(folder / f"{name}-{number}.safetensors", framework="pt", device=str(device)) as file:
            if number == 1:
                header = json.loads(file.metadata()["header"])
                count = header["pieces"]
            for key in file.keys():  # noqa: SIM118 - not a dict
                tensors[key] = file.get_tensor(key)
        number += 1
    return tensors, header


def pack_optimiser(prefix: str, optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The tensors of an optimiser's state under flat names."""
    flat = {}
    for index, state in optimiser.state_dict()["state"].items():
        for key, value in state.items():
            flat[f"{prefix}.{index}.{key}"] = value if torch.is_tensor(value) else torch.tensor(value)
    return flat


def unpack_optimiser(prefix: str, optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """The inverse of ``pack_optimiser``."""
    state: dict[int, dict] = {}
    for name, value in tensors.items():
        if name.startswith(prefix + "."):
            _, index, key = name.rsplit(".", 2)
            state.setdefault(int(index), {})[key] = value
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
