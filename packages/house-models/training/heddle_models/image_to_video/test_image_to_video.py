"""Clips that move as their word says, a network that starts from the picture, and the same numbers as ONNX."""

from __future__ import annotations

import argparse

import numpy as np
import onnxruntime
import pytest
import torch
import torch.nn.functional as F

from ..scenes import render
from ..scenes.motion import FRAMES, MOTIONS, sample_clips, unfold
from ..text_to_image.loop import Log
from ..text_to_image.test_export import LIMIT, relative, shaken
from .data import ClipPool
from .export import example, write_denoiser
from .network import TINY, VideoConfig, VideoDenoiser
from .train import camera_flow, load_video, train


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


def test_the_flow_of_the_camera_leads_back_to_the_first_frame():
    size = 64
    config = VideoConfig(image=size * 8)
    for word in ("pan-left", "pan-right", "zoom-in", "zoom-out"):
        clip = clips(word, 4, size)
        flow, known = camera_flow(torch.tensor([MOTIONS.index(word)] * 4), torch.tensor([0, 8]), config)
        assert known.all()
        where = VideoDenoiser(config).rest + flow[:, 1].permute(0, 2, 3, 1) * (2 / size)
        moved = F.grid_sample(clip[:, 0], where, align_corners=False)
        inside = (where.abs().amax(-1) < 0.98)[:, None].float()
        error = ((moved - clip[:, 8]).abs() * inside).sum() / inside.sum() / 3
        still = ((clip[:, 0] - clip[:, 8]).abs() * inside).sum() / inside.sum() / 3
        assert error < 0.6 * still


def test_an_untrained_network_shows_the_picture_standing_still():
    inputs = example(TINY, 2)
    clip, _ = VideoDenoiser(TINY).predict(*inputs)
    assert torch.allclose(clip, inputs[2][:, None].expand_as(clip), atol=1e-5)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_exported_network_agrees(tmp_path, rows):
    torch.manual_seed(4)
    model = shaken(VideoDenoiser(TINY))
    session = onnxruntime.InferenceSession(write_denoiser(model, tmp_path), providers=["CPUExecutionProvider"])
    inputs = example(TINY, rows)
    feeds = {spec.name: value.numpy() for spec, value in zip(session.get_inputs(), inputs, strict=True)}
    assert relative(session.run(None, feeds)[0], model(*inputs)) <= LIMIT


def test_training_goes_on_where_it_stopped(tmp_path):
    pool = ClipPool(tmp_path)
    shape = (6, TINY.frames, TINY.latent_channels, TINY.latent, TINY.latent)
    pool.latents, pool.words = torch.randn(shape).half(), torch.arange(6)
    log = Log(tmp_path / "log.jsonl")
    for steps in (2, 4):
        options = argparse.Namespace(out=tmp_path, seconds=600, steps=steps, batch=2)
        train(VideoDenoiser(TINY), pool, options, log)
        model, header = load_video(tmp_path)
        assert header["steps"] == steps
    assert model.fresh.weight.abs().max() > 0
