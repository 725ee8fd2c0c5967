"""Where the training pictures come from: free packages, with credits and licences.

Every picture is taken from a package of the Debian or Python package collections, fetched by
that collection's own client, so that anyone can repeat it. Nothing of these packages is committed;
the held-out photographs of `evaluation/photos` come from other packages and other photographers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["photo", "texture", "cutout", "illustration"]
"""What a picture is; decides how it is scaled and how many tiles of it are kept."""


@dataclass(frozen=True)
class Source:
    """One group of pictures of one package.

    `globs` are relative to the unpacked package; a `zip_glob` names an archive inside it that is
    unpacked first, in place. `longest_px` is the length that the longest side is brought down to
    before tiles are cut: large camera files are soft at full size and sharp when reduced. Tiles are cut
    at each of `scales` of that size.
    """

    package: str
    version: str
    kind: Kind
    globs: tuple[str, ...]
    credit: str
    licence: str
    longest_px: int = 1600
    most_pictures: int | None = None
    tiles_per_picture: int = 6
    scales: tuple[float, ...] = (1.0,)
    exclude: tuple[str, ...] = ()
    zip_glob: str | None = None


SOURCES: tuple[Source, ...] = (
    Source(
        package="palapeli-data",
        version="4:22.12.3-1",
        kind="photo",
        globs=("usr/share/palapeli/collection/*.jpg",),
        credit="Eric Pouhier; Derek Jensen; US Department of Agriculture; John Severns; B. Navez",
        licence="public domain, CC-BY-SA (as listed in the package)",
        longest_px=1600,
        tiles_per_picture=24,
        scales=(1.0, 0.6),
    ),
    Source(
        package="mate-backgrounds",
        version="1.26.0-1",
        kind="photo",
        globs=("usr/share/backgrounds/mate/nature/*.jpg",),
        credit="Charles Barbin; Lennart Poettering; Marco Cogoni; Jens Ansorg; Timothy Schellhase; "
        "blackcombwhistler07; Sergey Nazarov; Jean-François Fortin Tam",
        licence="GPL-2.0-or-later",
        longest_px=1400,
        tiles_per_picture=10,
        scales=(1.0, 0.55),
    ),
    Source(
        package="mate-backgrounds",
        version="1.26.0-1",
        kind="photo",
        globs=("usr/share/backgrounds/mate/abstract/Elephants_3840x2160.jpg",),
        credit="Wyng Stancikaite",
        licence="GPL-2.0-or-later",
        longest_px=2400,
        tiles_per_picture=20,
        scales=(1.0, 0.5),
    ),
    Source(
        package="lxqt-themes",
        version="1.2.0-1",
        kind="photo",
        globs=tuple(
            f"usr/share/lxqt/wallpapers/{name}"
            for name in (
                "Butterfly-Kenneth-Wimer.jpg",
                "Valendas.png",
                "after-the-rain.jpg",
                "appleflower.png",
                "butterfly.png",
                "cloud.png",
                "drop.png",
                "flowers.png",
                "fog.jpg",
                "this-is-not-windows.jpg",
            )
        ),
        credit="Kenneth Wimer and the LXQt team",
        licence="LGPL-2.1-or-later",
        longest_px=1400,
        tiles_per_picture=10,
        scales=(1.0, 0.55),
    ),
    Source(
        package="plasma-workspace-wallpapers",
        version="4:5.27.5-2",
        kind="photo",
        globs=tuple(
            f"usr/share/wallpapers/{name}/contents/images/2560x1600.*"
            for name in (
                "Autumn",
                "BytheWater",
                "ColdRipple",
                "ColorfulCups",
                "EveningGlow",
                "FallenLeaf",
                "Grey",
                "OneStandsOut",
                "Path",
                "summer_1am",
            )
        ),
        credit="RJ Quiralta; Maciej Wiklo; Risto Saukonpää; Dmitri Popov; Ian Hex; Martin Klapetek; Sigi Sagi",
        licence="LGPL-3.0",
        longest_px=1700,
        tiles_per_picture=12,
        scales=(1.0, 0.55),
    ),
    Source(
        package="lomiri-wallpapers-20.04",
        version="20.04.0-2",
        kind="photo",
        globs=(
            "usr/share/backgrounds/Kleiber_by_Lukas_Baubkus.jpg",
            "usr/share/backgrounds/Infinite-Sea_by_Aury88.jpg",
        ),
        credit="Lukas Baubkus; Aury88",
        licence="CC-BY-SA-3.0",
        longest_px=1700,
        tiles_per_picture=12,
        scales=(1.0, 0.55),
    ),
    Source(
        package="libjxl-testdata",
        version="0.0~git20230110.d6168ff-1",
        kind="photo",
        globs=("usr/share/libjxl-testdata/jxl/flower/flower.png",),
        credit="the JPEG XL Project Authors",
        licence="BSD-3-Clause",
        longest_px=1500,
        tiles_per_picture=12,
        scales=(1.0, 0.55),
    ),
    Source(
        package="stellarium-data",
        version="0.22.2-1",
        kind="photo",
        globs=tuple(
            f"usr/share/stellarium/landscapes/{place}/*.png" for place in ("guereins", "hurricane", "garching")
        ),
        credit="Fabien Chéreau; Johan Meuris and Robert Spearman",
        licence="GPL-2.0-or-later",
        longest_px=2048,
        tiles_per_picture=8,
        scales=(1.0, 0.5),
    ),
    Source(
        package="tuxpaint-stamps-default",
        version="2022.06.04-1",
        kind="cutout",
        globs=("usr/share/tuxpaint/stamps/**/*.png",),
        credit="Bill Kendrick and the Tux Paint contributors",
        licence="GPL-2.0-or-later, public domain",
        longest_px=640,
        most_pictures=170,
        tiles_per_picture=1,
        exclude=("cartoon", "mirror"),
    ),
    Source(
        package="ufoai-textures",
        version="2.5-2",
        kind="texture",
        globs=("usr/share/games/ufoai/base/textures/**/*.jpg", "usr/share/games/ufoai/base/textures/**/*.png"),
        credit="the UFO:AI team and the authors named in the package",
        licence="GPL-2.0-or-later, CC-BY-3.0, CC-BY-SA-3.0, public domain",
        longest_px=768,
        most_pictures=260,
        tiles_per_picture=1,
        exclude=("_nm.", "_sm.", "_gm.", "_bm.", "_anm", "tex_common", "tex_lights", "tex_ufo"),
        zip_glob="usr/share/games/ufoai/base/*.pk3",
    ),
    Source(
        package="openclipart-png",
        version="1:0.18+dfsg-19",
        kind="illustration",
        globs=("usr/share/openclipart/png/**/*.png",),
        credit="the Open Clip Art Library contributors",
        licence="public domain (CC0 dedication)",
        longest_px=640,
        most_pictures=130,
        tiles_per_picture=1,
        exclude=("/shapes/", "/special/", "/computer/"),
    ),
)
"""All sources. Versions are those of Debian 12; another version gives other tiles, not other rights."""
