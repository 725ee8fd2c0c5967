"""Muon for matrices, AdamW for the rest.

Muon (Jordan et al., 2024) steps along the orthogonalised momentum. Matrices of one shape are orthogonalised together,
which keeps the number of kernels small.
"""

from __future__ import annotations

from collections import defaultdict

import torch
from torch import Tensor, nn


def orthogonalise(g: Tensor, steps: int = 5) -> Tensor:
    """The nearest semi-orthogonal matrix of each of a stack [n, rows, columns], by a Newton–Schulz iteration."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g.bfloat16() if g.is_cuda else g.float()
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.mT
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.mT if tall else x).to(g.dtype)


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised; for 2-D weights of hidden layers.

    A weight whose rows are ``parts`` matrices stacked (q, k, v) is treated as those matrices.
    """

    def __init__(
        self, params: list[nn.Parameter], lr: float, momentum: float = 0.95, weight_decay: float = 0.0
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            stacks = defaultdict(list)
            for p in group["params"]:
                if p.grad is not None:
                    stacks[p.shape].append(p)
            for shape, params in stacks.items():
                self._step_stack(group, shape, params)

    def _step_stack(self, group: dict, shape: torch.Size, params: list[nn.Parameter]) -> None:
        state = self.state[params[0]]
        grad = torch.stack([p.grad for p in params])
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(grad)
        state["momentum"].lerp_(grad, 1 - group["momentum"])
        update = torch.lerp(grad, state["momentum"], group["momentum"])
        rows, columns = shape
        parts = rows // columns if rows % columns == 0 and rows // columns == 3 else 1
        update = orthogonalise(update.view(len(params) * parts, rows // parts, columns)).view_as(grad)
        scale = max(1.0, (rows // parts) / columns) ** 0.5
        for p, u in zip(params, update, strict=True):
            p.mul_(1 - group["lr"] * group["weight_decay"])
            p.add_(u, alpha=-group["lr"] * scale)


def split_parameters(modules: list[nn.Module]) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """(matrices of transformer blocks for Muon, everything else for AdamW)."""
    matrices, rest = [], []
    for module in modules:
        for name, p in module.named_parameters():
            hidden = "blocks." in name and p.ndim == 2 and not name.endswith("table")
            (matrices if hidden else rest).append(p)
    return matrices, rest


class Average:
    """Exponential moving average of parameters (and running statistics)."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.values = {k: v.detach().clone().float() for k, v in module.state_dict().items() if v.is_floating_point()}

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Move towards ``module``; early steps move faster."""
        decay = min(self.decay, (1 + step) / (10 + step))
        state = module.state_dict()
        keys = list(self.values)
        torch._foreach_lerp_([self.values[k] for k in keys], [state[k].float() for k in keys], 1 - decay)
