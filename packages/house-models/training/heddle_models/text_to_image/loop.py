"""What the training stages share: a clock that is also the learning-rate schedule, logging, and batches."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch


@dataclass
class Clock:
    """Trains for a number of seconds; survives a restart by remembering the seconds spent.

    ``steps_limit`` ends the stage early (for tests); progress then counts steps.
    """

    seconds: float
    steps_limit: int | None = None
    spent: float = 0.0
    step: int = 0
    _start: float = field(default_factory=time.monotonic)

    def elapsed(self) -> float:
        """Seconds trained so far, earlier runs included."""
        return self.spent + time.monotonic() - self._start

    def progress(self) -> float:
        """0 at the start, 1 at the end."""
        if self.steps_limit is not None:
            return min(1.0, self.step / self.steps_limit)
        return min(1.0, self.elapsed() / self.seconds)

    def rate(self, warm_steps: int = 100, decay_from: float = 0.5) -> float:
        """Factor for the learning rate: linear warm-up, flat, linear decay to almost zero."""
        warm = min(1.0, (self.step + 1) / warm_steps)
        late = (self.progress() - decay_from) / (1 - decay_from)
        return warm * (1.0 - 0.98 * max(0.0, late))

    def more(self) -> bool:
        """Whether to train another step; waits for the device now and then so that the clock is honest."""
        if self.step % 20 == 0 and torch.cuda.is_available():
            torch.cuda.synchronize()
        return self.progress() < 1.0


class Log:
    """Prints and keeps one JSON line per entry."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)

    def __call__(self, stage: str, **values: object) -> None:
        entry = {"at": round(time.time(), 1), "stage": stage}
        entry.update({k: round(v, 5) if isinstance(v, float) else v for k, v in values.items()})
        line = json.dumps(entry)
        print(line, flush=True)
        with self._path.open("a") as file:
            file.write(line + "\n")


def set_rate(optimiser: torch.optim.Optimizer, factor: float) -> None:
    """Scale every group's learning rate from its initial one."""
    for group in optimiser.param_groups:
        group.setdefault("initial_lr", group["lr"])
        group["lr"] = group["initial_lr"] * factor


def autocast(device: torch.device) -> torch.autocast:
    """bfloat16 on CUDA, plain float32 elsewhere."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")
