"""`prepare`: fetches the free pictures and packs the best tiles of them into one file."""

from __future__ import annotations

import io
import json
import math
import random
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from heddle_models.upscaler.illustrations import draw_illustration
from heddle_models.upscaler.sources import SOURCES, Source

TILE = 320
"""Side of a stored tile in pixels: one training crop, its filter margin and 32 pixels of play."""

JPEG_QUALITY = 92
SEED = 20261123
LEAST_DETAIL = 0.9
PNG_MARK = b"\x89PNG"
Image.MAX_IMAGE_PIXELS = None


def prepare(downloads: Path, pack: Path, most_bytes: int, illustrations: int = 110) -> dict[str, int]:
    """Downloads every source, cuts tiles and writes them to one zip archive.

    Args:
        downloads: folder for the fetched packages; kept, so a second call fetches nothing.
        pack: the zip archive to write: tiles as JPEG (4:4:4) or PNG, whichever is smaller, and `tiles.json`.
        most_bytes: the pack stays under this; pictures with fewer details go first.
        illustrations: how many of the project's own drawings are added.

    Returns:
        The number of tiles by kind.
    """
    rng = random.Random(SEED)
    tiles: list[tuple[str, float, bytes]] = []
    for source in SOURCES:
        for picture in _pictures(source, downloads, rng):
            tiles += [(source.kind, detail, _encode(tile)) for detail, tile in _tiles_of(picture, source, rng)]
        print(f"{source.package}: {len(tiles)} tiles so far, {sum(len(t[2]) for t in tiles) / 1e6:.1f} MB", flush=True)
    tiles += [("illustration", math.inf, _encode(draw_illustration(rng, TILE))) for _ in range(illustrations)]
    return _write(pack, _fit(tiles, most_bytes))


def _pictures(source: Source, downloads: Path, rng: random.Random) -> Iterator[Image.Image]:
    root = _unpacked(source, downloads)
    files = sorted({file for pattern in source.globs for file in root.glob(pattern)})
    files = [f for f in files if not any(word in f.as_posix() for word in source.exclude) and f.stat().st_size > 20_000]
    if source.most_pictures is not None and len(files) > source.most_pictures:
        files = rng.sample(files, source.most_pictures)
    for file in files:
        image = _opened(file, source, rng)
        for scale in source.scales:
            yield _scaled(image, source.longest_px * scale)


def _unpacked(source: Source, downloads: Path) -> Path:
    """Fetches and unpacks a Debian package with its own tools, once."""
    root = downloads / source.package
    if root.exists():
        return root
    downloads.mkdir(parents=True, exist_ok=True)
    wanted = f"{source.package}={source.version}"
    if subprocess.run(["apt-get", "-q", "download", wanted], cwd=downloads, check=False).returncode != 0:
        print(f"{wanted} is not there; taking the version that is")
        subprocess.run(["apt-get", "-q", "download", source.package], cwd=downloads, check=True)
    archive = max(downloads.glob(f"{source.package}_*.deb"))
    partial = downloads / f"{source.package}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    subprocess.run(["dpkg", "-x", archive, partial], check=True)
    for inner in partial.glob(source.zip_glob) if source.zip_glob else ():
        with zipfile.ZipFile(inner) as opened:
            opened.extractall(inner.parent)
    return partial.rename(root)


def _opened(file: Path, source: Source, rng: random.Random) -> Image.Image:
    image = Image.open(file)
    if image.mode in ("RGBA", "LA", "P"):
        image = image.convert("RGBA")
        colour = tuple(rng.randint(0, 255) for _ in range(3)) if source.kind != "photo" else (255, 255, 255)
        ground = Image.new("RGBA", image.size, (*colour, 255))
        ground.alpha_composite(image)
        image = ground
    return image.convert("RGB")


def _scaled(image: Image.Image, longest_px: float) -> Image.Image:
    factor = min(1.0, longest_px / max(image.size))
    size = (round(image.width * factor), round(image.height * factor))
    image = image.resize(size, Image.Resampling.LANCZOS) if factor < 1 else image
    if min(image.size) >= TILE:
        return image
    # Small pictures are continued by their mirror image, not enlarged: enlarging would teach blur.
    array = np.asarray(image)
    below, right = max(0, TILE - image.height), max(0, TILE - image.width)
    return Image.fromarray(np.pad(array, ((0, below), (0, right), (0, 0)), mode="symmetric"))


def _tiles_of(image: Image.Image, source: Source, rng: random.Random) -> list[tuple[float, Image.Image]]:
    """The most detailed tiles of a picture, jittered off the grid, and never nearly the same place twice."""
    found: list[tuple[float, Image.Image]] = []
    for top in range(0, image.height - TILE + 1, TILE * 3 // 4):
        for left in range(0, image.width - TILE + 1, TILE * 3 // 4):
            x = min(image.width - TILE, left + rng.randint(0, TILE // 4))
            y = min(image.height - TILE, top + rng.randint(0, TILE // 4))
            tile = image.crop((x, y, x + TILE, y + TILE))
            found.append((_detail(tile), tile))
    found.sort(key=lambda entry: entry[0], reverse=True)
    keep = found[: source.tiles_per_picture]
    return [entry for entry in keep if entry[0] > LEAST_DETAIL]


def _detail(tile: Image.Image) -> float:
    """Mean absolute difference to a blurred copy: what a 4x reduction loses."""
    grey = tile.convert("L")
    blurred = grey.filter(ImageFilter.GaussianBlur(2))
    return float(np.abs(np.asarray(grey, np.float32) - np.asarray(blurred, np.float32)).mean())


def _encode(tile: Image.Image) -> bytes:
    jpeg, png = io.BytesIO(), io.BytesIO()
    tile.save(jpeg, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    tile.save(png, "PNG", optimize=True)
    return min(jpeg.getvalue(), png.getvalue(), key=len)


def _fit(tiles: list[tuple[str, float, bytes]], most_bytes: int) -> list[tuple[str, float, bytes]]:
    total = sum(len(data) for _, _, data in tiles)
    kept = sorted(tiles, key=lambda entry: entry[1], reverse=True)
    while total > most_bytes:
        total -= len(kept.pop()[2])
    return kept


def _write(pack: Path, tiles: list[tuple[str, float, bytes]]) -> dict[str, int]:
    pack.parent.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_STORED) as archive:
        index = []
        for number, (kind, detail, data) in enumerate(tiles):
            name = f"{number:05d}.{'png' if data.startswith(PNG_MARK) else 'jpg'}"
            archive.writestr(name, data)
            index.append({"file": name, "kind": kind, "detail": round(min(detail, 99), 2)})
            counts[kind] = counts.get(kind, 0) + 1
        archive.writestr("tiles.json", json.dumps(index))
    return counts
