"""What the rest of the training relies on: same seed same picture, honest captions, combinations really held out."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from .attributes import COLOURS, OBJECTS, STYLES, combination_id, held_out_combinations, held_out_scenes, sample
from .captions import caption
from .render import render


def test_a_scene_looks_the_same_in_any_batch():
    scenes = sample(40, np.random.default_rng(3))
    together = render(scenes, size=32)
    for row in (0, 7, 23, 39):
        assert torch.allclose(render(scenes.take([row]), size=32)[0], together[row], atol=1e-4)


@pytest.mark.parametrize("size", [32, 64])
def test_pictures_are_colours(size):
    pictures = render(sample(60, np.random.default_rng(4)), size=size)
    assert pictures.shape == (60, 3, size, size)
    assert torch.isfinite(pictures).all()
    assert pictures.min() >= 0
    assert pictures.max() <= 1


def test_every_object_can_be_seen():
    scenes = sample(len(OBJECTS), np.random.default_rng(5), plain=True)
    scenes.object[:] = np.arange(len(OBJECTS))
    scenes.place[:] = 1
    without = scenes.take(np.arange(len(scenes)))
    without.object[:] = -1
    changed = (render(scenes, size=48) - render(without, size=48)).abs().amax(1) > 0.1
    assert (changed.float().mean((1, 2)) > 0.01).all()


def test_training_scenes_never_show_a_held_out_combination():
    assert not np.isin(combination_id(sample(20_000, np.random.default_rng(6))), held_out_combinations()).any()


def test_held_out_scenes_are_the_held_out_combinations():
    assert np.array_equal(np.sort(combination_id(held_out_scenes())), held_out_combinations())


def test_full_captions_name_colour_object_and_style():
    scenes = sample(200, np.random.default_rng(7), plain=True)
    names = {"house": ("house", "cottage", "home", "cabin"), "cat": ("cat", "kitten", "kitty")}
    dice = random.Random(0)
    for row in range(len(scenes)):
        text = caption(scenes, row, dice, full=True).lower()
        kind = OBJECTS[scenes.object[row]]
        if kind in names:
            assert any(name in text for name in names[kind])
        if STYLES[scenes.style[row]] in ("neon", "ink", "flat", "pixel"):
            assert STYLES[scenes.style[row]] in text
        if COLOURS[scenes.colour[row]] in ("orange", "white"):
            assert COLOURS[scenes.colour[row]] in text
