"""One training step of an adapter as a network without autograd: the loss and its gradients by the adapter's factors.

Written out by hand so that it exports to plain ONNX operators, which an inference runtime on any machine can run: that
is how an adapter is trained where there is no PyTorch. The base model is frozen, so no gradient of a weight is formed;
what flows back are activations, and at every adapted layer the two small products that are the gradients of A and B.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .transformer import LORA_A_SPANS, LORA_B_SPANS, LORA_TARGETS, Block, Denoiser, sinusoid

_EPSILON = 1e-5  # of layer norm
_GELU = math.sqrt(2 / math.pi)


class AdapterGradient(nn.Module):
    """Flow-matching loss of one adapter on a batch, and its gradients.

    latent [B, C, s, s] (the picture mixed with noise), timestep [B], guidance [B], text [B, T, w], target [B, C, s, s]
    (noise minus picture), lora_a [L, R, 7w], lora_b [L, 9w, R] → loss [], grad_a and grad_b like the factors. The loss
    is the mean squared error over all elements of the batch.
    """

    def __init__(self, denoiser: Denoiser) -> None:
        super().__init__()
        self.denoiser = denoiser

    def forward(
        self,
        latent: Tensor,
        timestep: Tensor,
        guidance: Tensor,
        text: Tensor,
        target: Tensor,
        lora_a: Tensor,
        lora_b: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        net = self.denoiser
        x, modulation, last = self._enter(latent, timestep, guidance, text)
        layers = [_Layer(block, lora_a[number], lora_b[number]) for number, block in enumerate(net.blocks)]
        for layer, block in zip(layers, net.blocks, strict=True):
            x = layer.forward(x, (modulation + block.table).to(x.dtype), (net.cosine, net.sine))
        tokens = text.shape[1]
        scale = 1 + last[:, 1:]
        normal, rstd = _normalise(x[:, tokens:])
        wanted = target.flatten(2).transpose(1, 2)
        error = net.final(normal * scale + last[:, :1]) - wanted
        loss = error.pow(2).mean()
        back = (error * (2.0 / (error[0].numel()) / error.shape[0])) @ net.final.weight
        back = _normalise_back(back * scale, normal, rstd)
        back = torch.cat([torch.zeros_like(text), back], 1)
        grads = []
        for number, layer in reversed(list(enumerate(layers))):
            back, grad_a, grad_b = layer.backward(back, deepest=number == 0)
            grads.append((grad_a, grad_b))
        grads.reverse()
        return loss, torch.stack([a for a, _ in grads]), torch.stack([b for _, b in grads])

    def _enter(self, latent: Tensor, timestep: Tensor, guidance: Tensor, text: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What comes before the blocks, as in ``Denoiser.forward``: sequence, modulation, last modulation."""
        net, width = self.denoiser, self.denoiser.config.width
        x = net.embed(latent.flatten(2).transpose(1, 2)) + net.position
        level = net.guide(sinusoid(guidance.log(), width, 250.0)) - net.guide(
            sinusoid(torch.zeros_like(guidance), width, 250.0)
        )
        condition = F.silu(net.time(sinusoid(timestep, width, 1000.0)) + level + net.pool(text.mean(1)))
        modulation = net.modulate(condition).view(-1, 6, width)
        last = net.final_scale(condition).view(-1, 2, width) + net.final_table
        return torch.cat([text, x], 1), modulation, last


class _Layer:
    """One block with one adapter for all rows; ``forward`` keeps what ``backward`` needs."""

    def __init__(self, block: Block, a: Tensor, b: Tensor) -> None:
        self.block = block
        width = block.width
        self.a = {t: a[:, LORA_A_SPANS[t][0] * width : LORA_A_SPANS[t][1] * width] for t in LORA_TARGETS}
        self.b = {t: b[LORA_B_SPANS[t][0] * width : LORA_B_SPANS[t][1] * width] for t in LORA_TARGETS}
        self.inputs: dict[str, Tensor] = {}
        self.inner: dict[str, Tensor] = {}

    def forward(self, x: Tensor, table: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
        """x [B, T, w], table [B, 6, w] → [B, T, w]."""
        self.shift_gate = [table[:, i : i + 1] for i in range(6)]
        shift1, scale1, gate1, shift2, scale2, gate2 = self.shift_gate
        self.turn = turn
        self.normal1, self.rstd1 = _normalise(x)
        qkv = self._linear("qkv", self.normal1 * (1 + scale1) + shift1)
        x = x + gate1 * self._linear("out", self._attend(qkv))
        self.normal2, self.rstd2 = _normalise(x)
        self.up = self._linear("up", self.normal2 * (1 + scale2) + shift2)
        return x + gate2 * self._linear("down", F.gelu(self.up, approximate="tanh"))

    def backward(self, back: Tensor, *, deepest: bool) -> tuple[Tensor, Tensor, Tensor]:
        """From the gradient of the output to those of the input (unused in the deepest), A [R, 7w] and B [9w, R]."""
        _, scale1, gate1, _, scale2, gate2 = self.shift_gate
        grads: dict[str, tuple[Tensor, Tensor]] = {}
        inner = self._linear_back("down", back * gate2, grads) * _gelu_slope(self.up)
        inner = self._linear_back("up", inner, grads) * (1 + scale2)
        back = back + _normalise_back(inner, self.normal2, self.rstd2)
        inner = self._attend_back(self._linear_back("out", back * gate1, grads))
        if deepest:
            self._linear_back("qkv", inner, grads, through=False)
        else:
            inner = self._linear_back("qkv", inner, grads) * (1 + scale1)
            back = back + _normalise_back(inner, self.normal1, self.rstd1)
        grad_a = torch.cat([grads[t][0] for t in LORA_TARGETS], 1)
        grad_b = torch.cat([grads[t][1] for t in LORA_TARGETS], 0)
        return back, grad_a, grad_b

    def _linear(self, target: str, x: Tensor) -> Tensor:
        self.inputs[target] = x
        self.inner[target] = x @ self.a[target].t()
        module = getattr(self.block, target)
        return module(x) + self.inner[target] @ self.b[target].t()

    def _linear_back(
        self, target: str, back: Tensor, grads: dict[str, tuple[Tensor, Tensor]], *, through: bool = True
    ) -> Tensor:
        """Gradients of A and B of a layer, and, with ``through``, of its input."""
        rank_back = back @ self.b[target]
        grad_b = back.flatten(0, 1).t() @ self.inner[target].flatten(0, 1)
        grad_a = rank_back.flatten(0, 1).t() @ self.inputs[target].flatten(0, 1)
        grads[target] = (grad_a, grad_b)
        if not through:
            return back
        return back @ getattr(self.block, target).weight + rank_back @ self.a[target]

    def _attend(self, qkv: Tensor) -> Tensor:
        batch, tokens, wide = qkv.shape
        heads, width = self.block.heads, wide // 3
        q, k, v = (part.view(batch, tokens, heads, width // heads).transpose(1, 2) for part in qkv.chunk(3, -1))
        self.q_rms, self.q_rate = _rms(q)
        self.k_rms, self.k_rate = _rms(k)
        self.q = _turn(self.q_rms * self.block.q_scale, self.turn)
        self.k = _turn(self.k_rms * self.block.k_scale, self.turn)
        self.v = v
        self.share = torch.softmax(self.q @ self.k.transpose(2, 3) * (width // heads) ** -0.5, -1)
        return (self.share @ v).transpose(1, 2).reshape(batch, tokens, width)

    def _attend_back(self, back: Tensor) -> Tensor:
        """[B, T, w] → gradient of q, k, v side by side [B, T, 3w]."""
        batch, tokens, width = back.shape
        heads = self.block.heads
        back = back.view(batch, tokens, heads, width // heads).transpose(1, 2)
        of_v = self.share.transpose(2, 3) @ back
        of_share = back @ self.v.transpose(2, 3)
        of_score = self.share * (of_share - (of_share * self.share).sum(-1, keepdim=True))
        of_score = of_score * (width // heads) ** -0.5
        of_q = _turn_back(of_score @ self.k, self.turn) * self.block.q_scale
        of_k = _turn_back(of_score.transpose(2, 3) @ self.q, self.turn) * self.block.k_scale
        of_q = _rms_back(of_q, self.q_rms, self.q_rate)
        of_k = _rms_back(of_k, self.k_rms, self.k_rate)
        return torch.cat([part.transpose(1, 2).reshape(batch, tokens, width) for part in (of_q, of_k, of_v)], -1)


def _normalise(x: Tensor) -> tuple[Tensor, Tensor]:
    """Layer norm without weights, and the reciprocal deviations that its gradient needs."""
    centred = x - x.mean(-1, keepdim=True)
    rstd = torch.rsqrt(centred.pow(2).mean(-1, keepdim=True) + _EPSILON)
    return centred * rstd, rstd


def _normalise_back(back: Tensor, normal: Tensor, rstd: Tensor) -> Tensor:
    mean = back.mean(-1, keepdim=True)
    return rstd * (back - mean - normal * (back * normal).mean(-1, keepdim=True))


def _rms(x: Tensor) -> tuple[Tensor, Tensor]:
    """Root-mean-square norm without its weight, and the reciprocal root."""
    rate = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)
    return x * rate, rate


def _rms_back(back: Tensor, normal: Tensor, rate: Tensor) -> Tensor:
    return rate * (back - normal * (back * normal).mean(-1, keepdim=True))


def _turn(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    first, second = x.chunk(2, -1)
    return x * turn[0] + torch.cat([-second, first], -1) * turn[1]


def _turn_back(back: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    first, second = (back * turn[1]).chunk(2, -1)
    return back * turn[0] + torch.cat([second, -first], -1)


def _gelu_slope(x: Tensor) -> Tensor:
    """Derivative of the tanh form of GELU."""
    square = x * x
    bend = torch.tanh(_GELU * x * (1 + 0.044715 * square))
    return 0.5 * (1 + bend) + 0.5 * x * (1 - bend * bend) * _GELU * (1 + 0.134145 * square)
