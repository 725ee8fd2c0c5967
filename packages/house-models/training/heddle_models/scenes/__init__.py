"""Compositional illustrations with captions: the data every house model is trained on."""

from .attributes import Scenes, held_out_scenes, sample
from .render import render

__all__ = ["Scenes", "held_out_scenes", "render", "sample"]
