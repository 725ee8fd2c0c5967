"""The training stages: probe, autoencoder, flow, guidance distillation. Each trains for a number of seconds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..scenes import Scenes
from . import checkpoint
from .autoencoder import Autoencoder, reconstruction_loss
from .config import Config
from .data import Pool
from .loop import Clock, Log, autocast, set_rate
from .optimiser import Average, Muon, split_parameters
from .probe import HEADS, Probe, augment, perceptual_loss
from .transformer import Denoiser, TextEncoder


@dataclass
class Stage:
    """What every stage gets. ``steps`` limits the number of steps (tests); ``save_every`` is in seconds."""

    folder: Path
    device: torch.device
    log: Log
    config: Config
    steps: int | None = None
    save_every: float = 60.0
    compile: bool = False


def train_probe(stage: Stage, pool: Pool, seconds: float, batch: int) -> Probe:
    """Train the probe on a pool of scenes with exactly one object each."""
    probe = Probe().to(stage.device, memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(probe.parameters(), lr=2e-3, weight_decay=0.02)
    labels = {name: torch.from_numpy(getattr(pool.scenes, name)).to(stage.device) for name in HEADS}
    clock = Clock(seconds, stage.steps)
    while clock.more():
        set_rate(optimiser, clock.rate())
        index = torch.randint(len(pool.pictures), (batch,), device=stage.device)
        picture = augment(pool.batch(index)).contiguous(memory_format=torch.channels_last)
        with autocast(stage.device):
            logits = probe(picture)
            loss = sum(F.cross_entropy(logits[name], labels[name][index]) for name in HEADS)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        if clock.step % 100 == 0:
            stage.log("probe", step=clock.step, seconds=clock.elapsed(), loss=loss.item())
        clock.step += 1
    probe.eval().requires_grad_(False)
    checkpoint.save(stage.folder, "probe", probe.state_dict(), {"steps": clock.step})
    return probe


@torch.no_grad()
def probe_accuracy(probe: Probe, pictures: Tensor, scenes: Scenes) -> dict[str, float]:
    """Share of pictures ([N, 3, S, S] in -1…1) whose attributes the probe reads as the scenes say, per attribute."""
    hits = {name: 0 for name in HEADS}
    for first in range(0, len(pictures), 250):
        logits = probe(pictures[first : first + 250].to(probe.device))
        for name in HEADS:
            wanted = torch.from_numpy(getattr(scenes, name)[first : first + 250]).to(logits[name].device)
            hits[name] += int((logits[name].argmax(1) == wanted).sum())
    return {name: count / len(pictures) for name, count in hits.items()}


def train_autoencoder(stage: Stage, pool: Pool, probe: Probe, seconds: float, batch: int) -> Autoencoder:
    """Train the autoencoder on pixels, edges and the probe's early features; returns the averaged weights."""
    model = Autoencoder(stage.config).to(stage.device, memory_format=torch.channels_last)
    average = Average(model, 0.999)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1.5e-3, betas=(0.9, 0.98), weight_decay=0.0)
    forward = torch.compile(model) if stage.compile else model
    clock = Clock(seconds, stage.steps)
    while clock.more():
        set_rate(optimiser, clock.rate())
        index = torch.randint(len(pool.pictures), (batch,), device=stage.device)
        target = pool.batch(index).contiguous(memory_format=torch.channels_last)
        with autocast(stage.device):
            output = forward(target, 0.15)
            seen = perceptual_loss(probe, output, target)
        pixels = reconstruction_loss(output.float(), target)
        loss = pixels + 0.06 * seen.float()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        average.update(model, clock.step)
        if clock.step % 100 == 0:
            stage.log(
                "autoencoder",
                step=clock.step,
                seconds=clock.elapsed(),
                loss=loss.item(),
                pixels=pixels.item(),
                seen=seen.item(),
                norm=norm.item(),
            )
        clock.step += 1
    model.load_state_dict({**model.state_dict(), **average.values})
    model.eval().requires_grad_(False)
    checkpoint.save(
        stage.folder, "autoencoder", model.state_dict(), {"steps": clock.step, "config": stage.config.to_dict()}
    )
    return model


@torch.no_grad()
def encode_pool(model: Autoencoder, pool: Pool, device: torch.device) -> Tensor:
    """Latents of a whole pool, bfloat16 [N, C, s, s] (float32 on CPU)."""
    kind = torch.bfloat16 if device.type == "cuda" else torch.float32
    parts = []
    for first in range(0, len(pool.pictures), 512):
        index = torch.arange(first, min(first + 512, len(pool.pictures)), device=device)
        with autocast(device):
            parts.append(model.encode(pool.batch(index).contiguous(memory_format=torch.channels_last)).to(kind))
    return torch.cat(parts)


class Flow(nn.Module):
    """Text encoder and denoiser together, as they are trained."""

    def __init__(self, config: Config, vocabulary: int) -> None:
        super().__init__()
        self.text = TextEncoder(config, vocabulary)
        self.denoiser = Denoiser(config)


def train_flow(stage: Stage, latents: Tensor, tokens: Tensor, vocabulary: int, seconds: float, batch: int) -> Flow:
    """Train text encoder and denoiser by flow matching; resumes from ``flow-state`` if it is there."""
    torch.manual_seed(3)
    model = Flow(stage.config, vocabulary).to(stage.device)
    average = Average(model, 0.9992)
    matrices, rest = split_parameters([model])
    muon = Muon(matrices, lr=0.02, weight_decay=0.01)
    adam = torch.optim.AdamW(rest, lr=1.2e-3, betas=(0.9, 0.98), weight_decay=0.0)
    clock = Clock(seconds, stage.steps)
    if checkpoint.exists(stage.folder, "flow-state"):
        _resume(stage, model, average, {"muon": muon, "adam": adam}, clock)
    if stage.compile:
        for block in model.denoiser.blocks:
            block.compile()
    saved = clock.elapsed()
    running = 0.0
    while clock.more():
        for optimiser in (muon, adam):
            set_rate(optimiser, clock.rate(200, 0.45))
        loss = _flow_loss(model, latents, tokens, batch, stage.device)
        for optimiser in (muon, adam):
            optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(rest, 1.0)
        for optimiser in (muon, adam):
            optimiser.step()
        average.update(model, clock.step)
        running = loss.detach() if clock.step == 0 else running * 0.98 + loss.detach() * 0.02
        if clock.step % 100 == 0:
            stage.log("flow", step=clock.step, seconds=clock.elapsed(), loss=float(running))
        clock.step += 1
        if clock.elapsed() - saved > stage.save_every:
            saved = clock.elapsed()
            _save_state(stage, model, average, {"muon": muon, "adam": adam}, clock)
    return _finish_flow(stage, model, average, clock)


def _flow_loss(model: Flow, latents: Tensor, tokens: Tensor, batch: int, device: torch.device) -> Tensor:
    index = torch.randint(len(latents), (batch,), device=device)
    variant = torch.randint(tokens.shape[1], (batch,), device=device)
    ids = tokens[index, variant].long()
    ids = torch.where(torch.rand(batch, 1, device=device) < 0.1, torch.zeros_like(ids), ids)
    picture = latents[index].float()
    noise = torch.randn_like(picture)
    # Logit-normal times (Esser et al., 2024), one in ten uniform so that the ends are seen too.
    t = torch.sigmoid(torch.randn(batch, device=device))
    t = torch.where(torch.rand(batch, device=device) < 0.1, torch.rand(batch, device=device), t)
    mixed = torch.lerp(picture, noise, t[:, None, None, None])
    with autocast(device):
        velocity = model.denoiser(mixed, t, torch.ones_like(t), model.text(ids))
    return F.mse_loss(velocity.float(), noise - picture)


def _save_state(stage: Stage, model: nn.Module, average: Average, optimisers: dict, clock: Clock) -> None:
    tensors = {f"model.{k}": v for k, v in model.state_dict().items()}
    tensors |= {f"average.{k}": v for k, v in average.values.items()}
    for name, optimiser in optimisers.items():
        tensors |= checkpoint.pack_optimiser(name, optimiser)
    checkpoint.save(stage.folder, "flow-state", tensors, {"step": clock.step, "seconds": clock.elapsed()})


def _resume(stage: Stage, model: nn.Module, average: Average, optimisers: dict, clock: Clock) -> None:
    tensors, header = checkpoint.load(stage.folder, "flow-state", stage.device)
    model.load_state_dict({k[6:]: v for k, v in tensors.items() if k.startswith("model.")})
    average.values = {k[8:]: v for k, v in tensors.items() if k.startswith("average.")}
    for name, optimiser in optimisers.items():
        checkpoint.unpack_optimiser(name, optimiser, tensors)
    clock.step, clock.spent = header["step"], header["seconds"]
    stage.log("flow", resumed_at=clock.step)


def _finish_flow(stage: Stage, model: Flow, average: Average, clock: Clock) -> Flow:
    model.load_state_dict(average.values)
    model.eval().requires_grad_(False)
    save_flow(stage.folder, "flow", model, {"steps": clock.step, "distilled": False})
    return model


def save_flow(folder: Path, name: str, model: Flow, header: dict) -> None:
    """Write text encoder and denoiser as float16 pieces."""
    tensors = {k: v.half() for k, v in model.state_dict().items()}
    config = model.denoiser.config.to_dict()
    checkpoint.save(folder, name, tensors, {**header, "config": config, "vocabulary": model.text.embed.num_embeddings})


def load_flow(folder: Path, name: str, device: str | torch.device = "cpu") -> tuple[Flow, dict]:
    """The inverse of ``save_flow``: weights are float32 again, with float16 values."""
    tensors, header = checkpoint.load(folder, name, device)
    model = Flow(Config.from_dict(header["config"]), header["vocabulary"]).to(device)
    model.load_state_dict({k: v.float() for k, v in tensors.items()})
    return model.eval().requires_grad_(False), header


def distil_guidance(stage: Stage, teacher: Flow, latents: Tensor, tokens: Tensor, seconds: float, batch: int) -> Flow:
    """Teach the denoiser to give the guided velocity in one pass (Meng et al., 2023), guidance 1…8 as an input."""
    student = Flow(stage.config, teacher.text.embed.num_embeddings).to(stage.device)
    student.load_state_dict(teacher.state_dict())
    student.text.requires_grad_(False)
    average = Average(student, 0.999)
    matrices, rest = split_parameters([student.denoiser])
    muon = Muon(matrices, lr=0.004)
    adam = torch.optim.AdamW(rest, lr=4e-4, betas=(0.9, 0.98), weight_decay=0.0)
    if stage.compile:
        for block in (*student.denoiser.blocks, *teacher.denoiser.blocks):
            block.compile()
    empty = teacher.text(torch.zeros(1, tokens.shape[2], dtype=torch.long, device=stage.device))
    clock = Clock(seconds, stage.steps)
    while clock.more():
        for optimiser in (muon, adam):
            set_rate(optimiser, clock.rate(50, 0.3))
        loss = _distil_loss(student, teacher, latents, tokens, empty.expand(batch, -1, -1))
        for optimiser in (muon, adam):
            optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(rest, 1.0)
        for optimiser in (muon, adam):
            optimiser.step()
        average.update(student, clock.step)
        if clock.step % 100 == 0:
            stage.log("guidance", step=clock.step, seconds=clock.elapsed(), loss=loss.item())
        clock.step += 1
    student.load_state_dict(average.values)
    student.eval().requires_grad_(False)
    save_flow(stage.folder, "guided", student, {"steps": clock.step, "distilled": True})
    return student


def _distil_loss(student: Flow, teacher: Flow, latents: Tensor, tokens: Tensor, empty: Tensor) -> Tensor:
    batch, device = len(empty), latents.device
    index = torch.randint(len(latents), (batch,), device=device)
    variant = torch.randint(tokens.shape[1], (batch,), device=device)
    picture = latents[index].float()
    noise = torch.randn_like(picture)
    t = torch.sigmoid(torch.randn(batch, device=device) * 1.2)
    mixed = torch.lerp(picture, noise, t[:, None, None, None])
    guidance = torch.exp(torch.rand(batch, device=device) * 2.08)
    one = torch.ones_like(t)
    with autocast(device):
        with torch.no_grad():
            text = teacher.text(tokens[index, variant].long())
            wanted, without = teacher.denoiser(
                mixed.repeat(2, 1, 1, 1), t.repeat(2), one.repeat(2), torch.cat([text, empty.to(text.dtype)])
            ).chunk(2)
            target = without + guidance[:, None, None, None] * (wanted - without)
        velocity = student.denoiser(mixed, t, guidance, text)
    # Strong guidance makes large targets; weigh them down so that weak guidance is learnt as well.
    error = (velocity.float() - target.float()).pow(2).mean((1, 2, 3))
    return (error / guidance.sqrt()).mean()
