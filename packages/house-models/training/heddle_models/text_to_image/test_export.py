"""The exported parts compute what the PyTorch networks compute, with and without adapters (relative error ≤ 1e-3)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from .autoencoder import Autoencoder
from .config import TINY
from .export import DecoderPart, DenoiserPart, EncoderPart, ProbePart, denoiser_example, round_half, write_parts
from .onnx_weights import load_parts
from .probe import Probe
from .stages import Flow
from .tokenizer import build_vocabulary

LIMIT = 1e-3


def shaken(module: torch.nn.Module) -> torch.nn.Module:
    """Random weights everywhere (some layers start at zero), rounded as for storage."""
    for parameter in module.parameters():
        parameter.data += torch.randn_like(parameter) * 0.05
    for name, buffer in module.named_buffers():
        if "running" in name:
            buffer += torch.rand_like(buffer)
    round_half(module)
    return module.eval().requires_grad_(False)


@pytest.fixture(scope="module", params=[True, False], ids=["distilled", "guided-in-graph"])
def exported(request, tmp_path_factory):
    torch.manual_seed(0)
    flow, autoencoder, probe = shaken(Flow(TINY, len(build_vocabulary()))), shaken(Autoencoder(TINY)), shaken(Probe())
    folder = tmp_path_factory.mktemp("parts")
    write_parts(flow, autoencoder, probe, folder, distilled=request.param)
    return flow, autoencoder, probe, folder, request.param


def run(folder: Path, part: str, *inputs: torch.Tensor) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(folder / f"{part}.onnx", providers=["CPUExecutionProvider"])
    return session.run(
        None, {spec.name: value.numpy() for spec, value in zip(session.get_inputs(), inputs, strict=True)}
    )


def relative(output: np.ndarray, wanted: torch.Tensor) -> float:
    wanted = wanted.numpy()
    assert output.shape == wanted.shape
    return float(np.linalg.norm(output - wanted) / np.linalg.norm(wanted))


def denoiser_part(exported) -> DenoiserPart:
    flow, _, _, _, distilled = exported
    empty = None if distilled else flow.text(torch.zeros(1, TINY.text_tokens, dtype=torch.long))
    return DenoiserPart(flow.denoiser, empty).eval()


@pytest.mark.parametrize(("rows", "adapters", "rank", "slots"), [(1, 1, 1, 1), (3, 2, 4, 1), (2, 5, 3, 3)])
def test_denoiser_agrees_with_adapters_in_any_number(exported, rows, adapters, rank, slots):
    inputs = denoiser_example(TINY, rows, adapters, rank, slots)
    assert relative(run(exported[3], "denoiser", *inputs)[0], denoiser_part(exported)(*inputs)) <= LIMIT


def test_denoiser_agrees_without_adapters(exported):
    inputs = list(denoiser_example(TINY, 3, 1, 1, 1))
    inputs[4], inputs[5], inputs[7] = inputs[4] * 0, inputs[5] * 0, inputs[7] * 0
    output = run(exported[3], "denoiser", *inputs)[0]
    assert relative(output, denoiser_part(exported)(*inputs)) <= LIMIT
    if exported[4]:
        assert relative(output, exported[0].denoiser(*inputs[:4])) <= LIMIT


def test_rows_do_not_influence_each_other(exported):
    inputs = denoiser_example(TINY, 4, 3, 2, 2)
    together = run(exported[3], "denoiser", *inputs)[0]
    for row in range(4):
        alone = [v if n in (4, 5) else v[row : row + 1] for n, v in enumerate(inputs)]
        assert relative(run(exported[3], "denoiser", *alone)[0], torch.from_numpy(together[row : row + 1])) <= 1e-5


def test_text_encoder_agrees(exported):
    ids = torch.randint(0, 343, (3, TINY.text_tokens))
    assert relative(run(exported[3], "text-encoder", ids)[0], exported[0].text(ids)) <= LIMIT


def test_encoder_and_decoder_agree(exported):
    picture, latent = (
        torch.rand(3, 3, TINY.image, TINY.image),
        torch.randn(3, TINY.latent_channels, TINY.latent, TINY.latent),
    )
    assert relative(run(exported[3], "encoder", picture)[0], EncoderPart(exported[1]).eval()(picture)) <= LIMIT
    assert relative(run(exported[3], "decoder", latent)[0], DecoderPart(exported[1]).eval()(latent)) <= LIMIT


def test_probe_agrees(exported):
    picture = torch.rand(3, 3, 64, 64)
    wanted = ProbePart(exported[2]).eval()(picture)
    for output, want in zip(run(exported[3], "probe", picture), wanted, strict=True):
        assert relative(output, want) <= LIMIT


def test_networks_come_back_from_their_parts(exported):
    flow, autoencoder, _, folder, _distilled = exported
    manifest = {"config": TINY.to_dict(), "tokenizer": {"vocabulary": ["x"] * flow.text.embed.num_embeddings}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    again, coder = load_parts(folder)
    for name, value in flow.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name
    picture = torch.rand(2, 3, TINY.image, TINY.image)
    assert relative(coder.encode(picture).numpy(), autoencoder.encode(picture)) <= 1e-5
    assert len(build_vocabulary()) == flow.text.embed.num_embeddings
