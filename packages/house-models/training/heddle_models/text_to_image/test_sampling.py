"""Tokenizer, noise and schedule are contracts with other languages: their values are pinned here."""

from __future__ import annotations

import itertools

import torch

from .checkpoint import exists, load, save
from .optimiser import orthogonalise
from .sampler import euler, noise, schedule
from .tokenizer import PAD, Tokenizer

# The first four numbers of noise(42).
PINNED = torch.tensor([0.41471976, 0.65268123, -0.89188623, 1.32683358])


def test_known_words_are_one_token_and_unknown_ones_are_pieces():
    tokenizer = Tokenizer()

    def words(text):
        return [tokenizer.vocabulary[i] for i in tokenizer(text) if i != PAD]

    assert words("A red boat, at DUSK!") == ["a", "red", "boat", "at", "dusk"]
    assert words("boats") == ["boat", "##s"]
    assert words("zq7") == ["z", "##q", "7"]


def test_any_text_gives_the_same_number_of_tokens():
    tokenizer = Tokenizer()
    for text in ("", "火山 🌋", "word " * 10_000, "x" * 5_000):
        assert len(tokenizer(text)) == tokenizer.length
    assert tokenizer("") == [PAD] * tokenizer.length


def test_noise_is_pinned_and_normal():
    values = noise(42, (4,))
    assert torch.allclose(values, PINNED, atol=1e-6), values.tolist()
    many = noise(7, (16, 16, 16))
    assert abs(float(many.mean())) < 0.05
    assert abs(float(many.std()) - 1) < 0.05


def test_schedule_runs_from_strength_to_zero():
    for steps, strength in ((4, 1.0), (30, 1.0), (12, 0.4)):
        times = schedule(steps, strength)
        assert len(times) == steps + 1
        assert abs(times[0] - strength) < 1e-9
        assert times[-1] == 0
        assert all(a > b for a, b in itertools.pairwise(times))


def test_euler_finds_the_picture_of_a_straight_flow():
    picture, start = torch.randn(2, 3), torch.randn(2, 3)
    assert torch.allclose(euler(lambda x, t: start - picture, start, schedule(5)), picture, atol=1e-5)


def test_checkpoints_come_back_from_their_pieces(tmp_path):
    tensors = {f"t{i}": torch.randn(1_500_000) for i in range(5)}
    paths = save(tmp_path, "state", tensors, {"step": 3})
    assert len(paths) == 3
    assert all(path.stat().st_size <= 16_000_000 for path in paths)
    assert exists(tmp_path, "state")
    back, header = load(tmp_path, "state")
    assert header["step"] == 3
    assert all(torch.equal(back[name], value) for name, value in tensors.items())


def test_orthogonalised_matrices_have_singular_values_near_one():
    singular = torch.linalg.svdvals(orthogonalise(torch.randn(3, 48, 16)))
    assert singular.min() > 0.6
    assert singular.max() < 1.3
