"""Captions: many natural ways to say what is in a scene.

Every attribute that a caption mentions is true of the picture; a caption may leave attributes out (a person's prompt
does). ``full`` captions name the style, the landscape, the time, the object with its colour, and the place.
"""

from __future__ import annotations

import random

from .attributes import COLOURS, FLOATING, FLYING, LANDSCAPES, OBJECTS, PLACES, SIZES, SKIES, STYLES, TIMES, Scenes

_STYLE = {
    "flat": ("flat illustration", "flat", "flat design", "flat style", "minimal flat illustration", "flat poster"),
    "watercolour": ("watercolour", "watercolor", "watercolour painting", "watercolor painting", "aquarelle"),
    "pixel": ("pixel art", "pixel", "8-bit pixel art", "pixelated", "retro pixel art"),
    "ink": ("ink drawing", "ink", "pen and ink", "ink sketch", "ink illustration"),
    "neon": ("neon", "neon lights", "neon glow", "glowing neon", "neon sign style"),
    "blueprint": ("blueprint", "blueprint drawing", "technical drawing", "blueprint plan", "blueprint style"),
}
_LAND = {
    "mountains": (
        "in the mountains",
        "among snowy peaks",
        "below the mountains",
        "in an alpine valley",
        "by a mountain lake",
        "with mountains behind",
        "in front of the mountains",
    ),
    "sea": ("at sea", "on the sea", "on the open sea", "by the ocean", "on the ocean", "in the sea", "over calm water"),
    "harbour": (
        "in a harbour",
        "in a small harbor",
        "by the port",
        "near the quay",
        "in a harbour village",
        "in a fishing village",
        "with harbour houses behind",
    ),
    "desert": (
        "in the desert",
        "among sand dunes",
        "on the dunes",
        "in a sandy desert",
        "in a dry desert",
        "in the sand",
    ),
    "forest": (
        "in the forest",
        "in the woods",
        "among pine trees",
        "in a pine forest",
        "in a clearing in the woods",
        "between tall pines",
    ),
    "city": (
        "in the city",
        "in front of a city skyline",
        "downtown",
        "with skyscrapers behind",
        "by the city river",
        "in a big city",
        "before the skyline",
    ),
    "fields": (
        "in the fields",
        "on rolling hills",
        "in the countryside",
        "on farmland",
        "in a meadow",
        "among green hills",
        "in the country",
    ),
}
_LAND_ALONE = {
    "mountains": ("mountains", "snowy mountains", "a mountain range", "a mountain landscape"),
    "sea": ("the sea", "the ocean", "open water", "a seascape"),
    "harbour": ("a harbour", "a small harbor", "a fishing village", "a quiet port"),
    "desert": ("a desert", "sand dunes", "the desert", "a desert landscape"),
    "forest": ("a forest", "the woods", "a pine forest", "a forest landscape"),
    "city": ("a city", "a city skyline", "a skyline", "skyscrapers by a river"),
    "fields": ("fields", "rolling hills", "the countryside", "a meadow"),
}
_TIME = {
    "dawn": ("at dawn", "at sunrise", "early in the morning", "at daybreak", "in the early morning light", "dawn"),
    "day": ("by day", "at noon", "in daylight", "during the day", "on a bright day", "at midday", "daytime"),
    "dusk": ("at dusk", "at sunset", "in the evening", "at twilight", "in the evening glow", "dusk", "sunset"),
    "night": ("at night", "by night", "in the moonlight", "at midnight", "after dark", "night"),
}
_SKY = {
    "clear": ("under a clear sky", "clear sky", "with a clear sky", "cloudless"),
    "clouds": ("under a cloudy sky", "with clouds", "cloudy", "with clouds in the sky", "under soft clouds"),
    "stars": ("under the stars", "with a starry sky", "starry sky", "under a sky full of stars", "starry"),
    "rain": ("in the rain", "rainy", "with rain falling", "on a rainy day", "raining"),
    "snow": ("in the snow", "snowy", "with falling snow", "in winter snow", "snowing"),
    "fog": ("in the fog", "foggy", "in the mist", "misty", "with drifting fog"),
}
_COLOUR = {
    "red": ("red", "red", "red", "crimson", "scarlet"),
    "orange": ("orange",),
    "yellow": ("yellow", "yellow", "golden"),
    "green": ("green", "green", "emerald"),
    "blue": ("blue", "blue", "azure"),
    "purple": ("purple", "purple", "violet"),
    "pink": ("pink", "pink", "rose"),
    "white": ("white",),
}
_OBJECT = {
    "house": ("house", "house", "cottage", "home", "cabin"),
    "tree": ("tree",),
    "boat": ("boat", "sailboat", "sailing boat", "boat"),
    "balloon": ("balloon", "hot-air balloon", "hot air balloon"),
    "lighthouse": ("lighthouse",),
    "bird": ("bird", "bird", "songbird"),
    "car": ("car", "car", "automobile"),
    "cactus": ("cactus",),
    "tent": ("tent", "tent", "camping tent"),
    "windmill": ("windmill", "windmill", "mill"),
    "castle": ("castle", "castle", "fortress"),
    "rocket": ("rocket", "rocket", "spaceship"),
    "cat": ("cat", "cat", "kitten", "kitty"),
    "whale": ("whale",),
    "mushroom": ("mushroom", "mushroom", "toadstool"),
}
_PLACE = {
    "left": ("on the left", "to the left", "at the left", "on the left side", "left"),
    "centre": ("in the centre", "in the middle", "in the center", "centred", "at the centre"),
    "right": ("on the right", "to the right", "at the right", "on the right side", "right"),
}
_SIZE = {
    "small": ("small", "tiny", "little"),
    "medium": ("",),
    "large": ("big", "large", "huge", "giant"),
}


def caption(scenes: Scenes, row: int, dice: random.Random, *, full: bool = False, styled: bool = True) -> str:
    """One caption for scene ``row``; a new wording at every call. ``styled`` False leaves the style out."""
    words = _Words(scenes, row, dice, full)
    if not styled:
        words.style = ""
    return _tidy(dice.choice((words.sentence, words.sentence, words.list, words.styled_first))(), dice)


class _Words:
    """The parts of a caption, each present with a probability unless all are asked for."""

    def __init__(self, scenes: Scenes, row: int, dice: random.Random, full: bool) -> None:
        self.dice, self.scenes, self.row = dice, scenes, row
        named = {
            name: int(getattr(scenes, name)[row]) for name in ("landscape", "time", "sky", "place", "size", "style")
        }
        self.kind = int(scenes.object[row])
        keep = (lambda p: True) if full else (lambda p: dice.random() < p)
        empty = self.kind < 0
        self.land = (
            dice.choice((_LAND_ALONE if empty else _LAND)[LANDSCAPES[named["landscape"]]])
            if empty or keep(0.93)
            else ""
        )
        self.time = dice.choice(_TIME[TIMES[named["time"]]]) if keep(0.9) else ""
        self.style = dice.choice(_STYLE[STYLES[named["style"]]]) if keep(0.93) else ""
        self.sky = dice.choice(_SKY[SKIES[named["sky"]]]) if dice.random() < self._sky_chance(named["sky"]) else ""
        self.place = dice.choice(_PLACE[PLACES[named["place"]]]) if keep(0.85) else ""
        size = SIZES[named["size"]]
        self.size = dice.choice(_SIZE[size]) if dice.random() < (0.75 if size != "medium" else 1.0) else ""
        colour = int(scenes.colour[row])
        self.thing = self._thing(self.kind, colour, self.size, keep(0.93)) if not empty else ""
        self.other = self._other()
        if self.kind >= 0 and self.kind == scenes.other[row] and colour == scenes.other_colour[row]:
            self._become_twins(colour)

    def _sky_chance(self, sky: int) -> float:
        return 0.45 if SKIES[sky] in ("clear", "stars") else 0.92

    def _thing(self, kind: int, colour: int, size: str, coloured: bool) -> str:
        name = self.dice.choice(_OBJECT[OBJECTS[kind]])
        parts = [size, self.dice.choice(_COLOUR[COLOURS[colour]]) if coloured else "", name]
        text = " ".join(p for p in parts if p)
        article = "an" if text[0] in "aeiou" else "a"
        return f"{article} {text}" if self.dice.random() < 0.85 else text

    def _become_twins(self, colour: int) -> None:
        name = self.dice.choice(_OBJECT[OBJECTS[self.kind]])
        name = name[:-1] + "ies" if name.endswith("y") else name + ("es" if name.endswith("s") else "s")
        self.thing = (
            f"{self.dice.choice(('two', 'two', 'a pair of'))} {self.dice.choice(_COLOUR[COLOURS[colour]])} {name}"
        )
        self.other = self.place = ""

    def _other(self) -> str:
        kind = int(self.scenes.other[self.row])
        if kind < 0:
            return ""
        text = self._thing(kind, int(self.scenes.other_colour[self.row]), "", True)
        place = self.dice.choice(_PLACE[PLACES[int(self.scenes.other_place[self.row])]])
        return f"{text} {place}" if self.dice.random() < 0.85 else text

    def _subject(self) -> str:
        verb = ""
        name = OBJECTS[self.kind] if self.kind >= 0 else ""
        if name in FLYING and self.dice.random() < 0.3:
            verb = "flying"
        elif name in FLOATING and self.dice.random() < 0.2:
            verb = "swimming" if name == "whale" else "sailing"
        subject = " ".join(p for p in (self.thing, verb, self.place) if p)
        return f"{subject} and {self.other}" if self.other else subject

    def sentence(self) -> str:
        """a red boat on the left at sea at dusk, watercolour"""
        parts = [self.land, self.time, self.sky]
        if self.dice.random() < 0.3:
            self.dice.shuffle(parts)
        body = " ".join(p for p in [self._subject() if self.kind >= 0 else "", *parts] if p)
        if not self.style:
            return body
        return f"{body}, {self.style}" if self.dice.random() < 0.6 else f"{self._medium()} of {body}"

    def styled_first(self) -> str:
        """watercolour: a red boat on the left, at sea, at dusk"""
        head = f"{self.style}{self.dice.choice((':', ',', ' of'))} " if self.style else ""
        return head + self.list_body()

    def list(self) -> str:
        """a red boat, on the left, at sea, dusk, watercolour"""
        return ", ".join(p for p in (self.list_body(), self.style) if p)

    def list_body(self) -> str:
        parts = [self.thing, self.place if self.kind >= 0 else "", self.other, self.land, self.time, self.sky]
        if self.other:
            parts[0:3] = [self._subject()]
        head, tail = parts[0], parts[1:]
        if self.dice.random() < 0.35:
            self.dice.shuffle(tail)
        return ", ".join(p for p in [head, *tail] if p)

    def _medium(self) -> str:
        style = self.style
        if style.split()[-1] in ("illustration", "painting", "drawing", "sketch", "plan", "poster"):
            return ("an " if style[0] in "aeiou8" else "a ") + style
        return f"{style} {self.dice.choice(('picture', 'scene', 'image', 'illustration'))}"


def _tidy(text: str, dice: random.Random) -> str:
    text = " ".join(text.split())
    if dice.random() < 0.15:
        text = text.capitalize()
    return text + ("." if dice.random() < 0.1 else "")
