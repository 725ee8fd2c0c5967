"""Clips that move as their word says, a network that starts from the picture, and the same numbers as ONNX."""

from __future__ import annotations

import argparse

import numpy as np
import onnxruntime
import pytest
import torch

from ..scenes import render
from ..scenes.motion import FRAMES, MOTIONS, sample_clips, unfold
from ..text_to_image.autoencoder import Autoencoder
from ..text_to_image.config import TINY as TEXT_TINY
from ..text_to_image.export import EncoderPart
from ..text_to_image.loop import Log
from ..text_to_image.test_export import LIMIT, relative, shaken
from .data import ClipPool
from .export import denoiser_example, write_denoiser, write_mover
from .mover import Mover, Segmenter
from .network import TINY, VideoConfig, VideoDenoiser
from .train import load_video, train


def clips(word: str, count: int = 3, size: int = 32) -> torch.Tensor:
    rng = np.random.default_rng(8)
    scenes, words = sample_clips(count, rng)
    words[:] = MOTIONS.index(word)
    frames, motion = unfold(scenes, words)
    return render(frames, size=size, motion=motion).view(count, FRAMES, 3, size, size)


@pytest.mark.parametrize("word", MOTIONS)
def test_a_clip_starts_with_the_scene_at_rest_and_then_moves(word):
    scenes, words = sample_clips(80, np.random.default_rng(2))
    chosen = np.flatnonzero(words == MOTIONS.index(word))[:3]
    scenes, words = scenes.take(chosen), words[chosen]
    frames, motion = unfold(scenes, words)
    pictures = render(frames, size=48, motion=motion).view(len(chosen), FRAMES, 3, 48, 48)
    assert torch.allclose(pictures[:, 0], render(scenes, size=48), atol=1e-5)
    changed = (pictures[:, FRAMES // 2] - pictures[:, 0]).abs().amax((1, 2, 3))
    assert (changed > 0.05).all()


def test_what_the_camera_leaves_on_one_side_it_has_seen_on_the_other():
    left, right = clips("pan-left"), clips("pan-right")
    shift = round(0.26 * 32)
    # A flat scene only moves; the drawn and painted looks keep their paper still.
    assert (left[:, 0, :, :, : 32 - shift] - left[:, -1, :, :, shift:]).abs().mean() < 0.06
    assert (right[:, 0, :, :, shift:] - right[:, -1, :, :, : 32 - shift]).abs().mean() < 0.06


def test_the_mover_pans_and_zooms_as_the_camera_does():
    size = 64
    config = VideoConfig(image=size)
    mover = Mover(config, Segmenter(), torch.nn.Identity())
    for word in ("pan-left", "pan-right", "zoom-in", "zoom-out"):
        clip = clips(word, 4, size)
        moved = mover.frames(clip[:, 0], torch.tensor([MOTIONS.index(word)] * 4))
        assert torch.equal(moved[:, 0], clip[:, 0])
        error = (moved[:, 8] - clip[:, 8]).abs().mean()
        assert error < 0.8 * (clip[:, 0] - clip[:, 8]).abs().mean()


def test_the_mover_slides_what_the_segmenter_finds_and_fills_the_hole():
    class Square(torch.nn.Module):
        def forward(self, picture: torch.Tensor) -> torch.Tensor:
            return (picture[:, :1, ::4, ::4] * 40 - 20).expand(-1, 2, -1, -1)

    config = VideoConfig(image=64)
    picture = torch.zeros(1, 3, 64, 64)
    picture[:, :, 30:46, 10:26] = 1.0
    drift, rise = Mover(config, Square(), torch.nn.Identity()).frames(
        picture.expand(2, -1, -1, -1), torch.tensor([MOTIONS.index("drift"), MOTIONS.index("rise")])
    )
    shift = round(0.26 * 64)
    assert drift[-1, 0, 34:42, 14 + shift : 22 + shift].min() > 0.9
    assert drift[-1, 0, 34:42, 12:18].max() < 0.3
    assert rise[-1, 0, 34 - shift : 42 - shift, 14:22].min() > 0.9


def test_an_untrained_network_shows_what_guides_it():
    inputs = denoiser_example(TINY, 2)
    latent, timestep, guide, motion = inputs
    clip = VideoDenoiser(TINY).predict(latent, timestep, guide, guide[:, 0], motion)
    assert torch.allclose(clip, guide, atol=1e-5)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_exported_network_agrees(tmp_path, rows):
    torch.manual_seed(4)
    model = shaken(VideoDenoiser(TINY))
    session = onnxruntime.InferenceSession(write_denoiser(model, tmp_path), providers=["CPUExecutionProvider"])
    inputs = denoiser_example(TINY, rows)
    feeds = {spec.name: value.numpy() for spec, value in zip(session.get_inputs(), inputs, strict=True)}
    assert relative(session.run(None, feeds)[0], model(*inputs)) <= LIMIT


def test_the_exported_mover_agrees(tmp_path):
    torch.manual_seed(4)
    config = VideoConfig(image=32, frames=5, latent_channels=TEXT_TINY.latent_channels)
    mover = Mover(config, Segmenter(16), EncoderPart(shaken(Autoencoder(TEXT_TINY))))
    mover = shaken(mover)
    session = onnxruntime.InferenceSession(write_mover(mover, tmp_path), providers=["CPUExecutionProvider"])
    picture = torch.rand(3, 3, 32, 32)
    for words in ([0, 2, 4], [5, 6, 7]):
        made = session.run(None, {"picture": picture.numpy(), "motion": np.array(words)})[0]
        assert relative(made, mover(picture, torch.tensor(words))) <= LIMIT


def test_training_goes_on_where_it_stopped(tmp_path):
    pool = ClipPool(tmp_path)
    shape = (6, TINY.frames, TINY.latent_channels, TINY.latent, TINY.latent)
    pool.latents, pool.guides, pool.words = torch.randn(shape).half(), torch.randn(shape).half(), torch.arange(6)
    log = Log(tmp_path / "log.jsonl")
    for steps in (2, 4):
        options = argparse.Namespace(out=tmp_path, seconds=600, steps=steps, batch=2)
        train(VideoDenoiser(TINY), pool, options, log)
        model, header = load_video(tmp_path)
        assert header["steps"] == steps
    assert model.fresh.weight.abs().max() > 0
