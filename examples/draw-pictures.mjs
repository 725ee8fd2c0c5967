// Draws the illustrations of `pictures/`: `node examples/draw-pictures.mjs`. The photographs are credited in CREDITS.md.
// The same code draws the same pictures, but another version of libvips may encode them to other bytes, and the
// examples name them by SHA-256: after drawing anew, put the new hashes into the examples.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const folder = join(dirname(fileURLToPath(import.meta.url)), "pictures");

await draw("harbour.jpg", harbour(800, 1200));
await draw("hills.png", hills(720, 480));
await draw("stars.jpg", stars(900, 900));
await draw("sketch.png", sketch());
await draw("spot.png", spot());

async function draw(name, svg) {
  const pipeline = sharp(Buffer.from(svg)).removeAlpha();
  const encoded = name.endsWith(".png")
    ? pipeline.png({ palette: true, colours: 128, dither: 0.6, compressionLevel: 9 })
    : pipeline.jpeg({ quality: 84, mozjpeg: true });
  const { size, width, height } = await encoded.toFile(join(folder, name));
  console.log(`${name}: ${width} × ${height}, ${Math.round(size / 1024)} KB`);
}

/** Equal seeds, equal pictures. Mulberry32 (Tommy Ettinger, public domain). */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}

function page({ width, height }, definitions, body) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs>${definitions}</defs>${body}</svg>`;
}

function gradient(id, stops) {
  const parts = stops.map(([at, colour]) => `<stop offset="${at}" stop-color="${colour}"/>`);
  return `<linearGradient id="${id}" x2="0" y2="1">${parts.join("")}</linearGradient>`;
}

/** A ridge from the left edge to the right: `rough` pixels up and down around `base`. */
function ridge({ width, bottom, base, rough, points, random }) {
  const step = width / points;
  let path = `M0 ${bottom}L0 ${base}`;
  for (let point = 0; point <= points; point += 1) {
    const y = base - rough * (random() - 0.5) * (point % 2 === 0 ? 2 : 0.5);
    path += `L${(point * step).toFixed(1)} ${y.toFixed(1)}`;
  }
  return `${path}L${width} ${bottom}Z`;
}

/** A soft hill line: sums of sines. */
function swell({ width, bottom, base, high, waves, phase }) {
  let path = `M0 ${bottom}`;
  for (let x = 0; x <= width; x += 8) {
    const at = (x / width) * Math.PI * 2 * waves + phase;
    path += `L${x} ${(base - high * (0.6 * Math.sin(at) + 0.4 * Math.sin(at * 2.3 + 1))).toFixed(1)}`;
  }
  return `${path}L${width} ${bottom}Z`;
}

function harbour(width, height) {
  const random = chance(7);
  const shore = 760;
  const definitions =
    gradient("sky", [
      [0, "#2b2f6b"],
      [0.32, "#8a4b8c"],
      [0.6, "#e8727a"],
      [0.82, "#ffb27d"],
      [1, "#ffe0a8"],
    ]) +
    gradient("sea", [
      [0, "#f29d7e"],
      [0.2, "#b45f86"],
      [0.6, "#4b3a78"],
      [1, "#1d1f4d"],
    ]) +
    `<radialGradient id="glow"><stop offset="0" stop-color="#fff1c4"/><stop offset="1" stop-color="#fff1c4" stop-opacity="0"/></radialGradient>`;
  const parts = [
    `<rect width="${width}" height="${shore}" fill="url(#sky)"/>`,
    `<circle cx="520" cy="640" r="300" fill="url(#glow)" opacity=".75"/>`,
    `<circle cx="520" cy="640" r="88" fill="#fff3cf"/>`,
    ...clouds(width, random),
    `<path d="${ridge({ width, bottom: shore, base: 640, rough: 150, points: 9, random })}" fill="#9a5a93"/>`,
    `<path d="${ridge({ width, bottom: shore, base: 700, rough: 90, points: 13, random })}" fill="#6d4585"/>`,
    `<rect y="${shore}" width="${width}" height="${height - shore}" fill="url(#sea)"/>`,
    ...glitter(520, shore, random),
    ...houses(shore, random),
    boat(250, 905, 1.5),
    boat(610, 850, 0.85),
    boat(720, 1010, 1.1),
    ...gulls([
      [150, 300],
      [210, 270],
      [640, 210],
      [590, 380],
    ]),
  ];
  return page({ width, height }, definitions, parts.join(""));
}

function clouds(width, random) {
  return Array.from({ length: 9 }, (_, index) => {
    const x = random() * width;
    const y = 180 + index * 44;
    const across = 120 + random() * 200;
    return `<rect x="${(x - across / 2).toFixed(0)}" y="${y}" width="${across.toFixed(0)}" height="${(8 + random() * 12).toFixed(0)}" rx="9" fill="#ffd9b0" opacity="${(0.12 + random() * 0.22).toFixed(2)}"/>`;
  });
}

function glitter(middle, shore, random) {
  return Array.from({ length: 46 }, (_, index) => {
    const y = shore + 8 + index * 9;
    const across = (200 - index * 2.4) * (0.35 + random() * 0.65);
    const x = middle - across / 2 + (random() - 0.5) * 40;
    return `<rect x="${x.toFixed(0)}" y="${y}" width="${across.toFixed(0)}" height="${(3 + random() * 3).toFixed(1)}" rx="2" fill="#ffe9bd" opacity="${(0.75 - index * 0.014).toFixed(2)}"/>`;
  });
}

function houses(shore, random) {
  const walls = ["#3d2a63", "#4a2f6b", "#57346f", "#332558"];
  const made = [`<rect x="0" y="${shore - 10}" width="430" height="22" fill="#241b47"/>`];
  for (let x = 12; x < 380;) {
    const across = 52 + Math.round(random() * 34);
    const high = 70 + Math.round(random() * 80);
    const top = shore - 10 - high;
    made.push(
      `<path d="M${x} ${shore - 10}V${top}L${x + across / 2} ${top - 34}L${x + across} ${top}V${shore - 10}Z" fill="${walls[Math.floor(random() * walls.length)]}"/>`,
    );
    for (let row = top + 16; row < shore - 34; row += 30) {
      for (let column = x + 10; column < x + across - 14; column += 20) {
        if (random() < 0.72)
          made.push(
            `<rect x="${column}" y="${row}" width="10" height="15" rx="2" fill="#ffd27a"/>`,
          );
      }
    }
    x += across + 4;
  }
  return made;
}

function boat(x, y, scale) {
  return (
    `<g transform="translate(${x} ${y}) scale(${scale})">` +
    `<path d="M-6 6L-6 -118L-70 -6Z" fill="#fff3dc"/><path d="M4 -4L4 -96L52 -4Z" fill="#ffcf9e"/>` +
    `<rect x="-3" y="-122" width="4" height="130" fill="#2a1f4f"/>` +
    `<path d="M-78 8H66L42 36H-52Z" fill="#2a1f4f"/><path d="M-52 40H42L20 66H-30Z" fill="#1d1f4d" opacity=".35"/>` +
    `<path d="M-64 52L-6 48L-6 120Z" fill="#fff3dc" opacity=".12"/></g>`
  );
}

function gulls(places) {
  return places.map(
    ([x, y]) =>
      `<path d="M${x - 16} ${y}q8 -12 16 0q8 -12 16 0" fill="none" stroke="#2b2350" stroke-width="3" stroke-linecap="round"/>`,
  );
}

function hills(width, height) {
  const random = chance(21);
  const definitions = gradient("sky", [
    [0, "#6fc3e8"],
    [0.7, "#d8f0ee"],
    [1, "#fdf3d6"],
  ]);
  const greens = ["#8cc9a3", "#63b383", "#3f9668", "#2a7753"];
  const bands = greens.map((green, index) => {
    const base = 250 + index * 58;
    const line = {
      width,
      bottom: height,
      base,
      high: 34 - index * 3,
      waves: 0.8 + index * 0.28,
      phase: index * 2.1 + 0.6,
    };
    return `<path d="${swell(line)}" fill="${green}"/>${trees({ width, base: base + 20 }, index, random)}`;
  });
  const parts = [
    `<rect width="${width}" height="${height}" fill="url(#sky)"/>`,
    `<circle cx="540" cy="112" r="54" fill="#ffd45c"/>`,
    cloud(150, 110, 1.2),
    cloud(360, 70, 0.8),
    cloud(640, 190, 0.7),
    `<path d="${ridge({ width, bottom: height, base: 236, rough: 70, points: 8, random })}" fill="#a9bfdd"/>`,
    ...bands.slice(0, 3),
    cottage(430, 372),
    bands[3],
  ];
  return page({ width, height }, definitions, parts.join(""));
}

function cloud(x, y, scale) {
  return `<g transform="translate(${x} ${y}) scale(${scale})" fill="#fff" opacity=".92"><circle r="24"/><circle cx="30" cy="-8" r="30"/><circle cx="64" r="22"/><rect x="-24" y="0" width="110" height="24" rx="12"/></g>`;
}

function trees({ width, base }, index, random) {
  const made = [];
  for (let tree = 0; tree < 7 + index * 3; tree += 1) {
    const x = random() * width;
    const y = base + (random() - 0.2) * 40;
    const size = 14 + index * 7 + random() * 8;
    const green = ["#4f9f77", "#3a8a63", "#2a7450", "#1f5f42"][index];
    made.push(
      `<path d="M${x.toFixed(0)} ${(y - size * 2).toFixed(0)}l${(size * 0.6).toFixed(1)} ${(size * 1.7).toFixed(1)}h-${(size * 1.2).toFixed(1)}z" fill="${green}"/>`,
    );
  }
  return made.join("");
}

function cottage(x, y) {
  return `<g transform="translate(${x} ${y})"><rect width="70" height="44" fill="#fff4e0"/><path d="M-10 2L35 -34L80 2Z" fill="#d9573f"/><rect x="50" y="-34" width="11" height="26" fill="#b9442f"/><rect x="28" y="18" width="15" height="26" fill="#8a5a3c"/><rect x="9" y="13" width="13" height="13" fill="#7cc4e0"/><rect x="49" y="13" width="13" height="13" fill="#7cc4e0"/></g>`;
}

function stars(width, height) {
  const random = chance(3);
  const definitions =
    gradient("night", [
      [0, "#070b24"],
      [0.55, "#152457"],
      [1, "#3a4f93"],
    ]) +
    `<filter id="dust" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency=".006 .011" numOctaves="5" seed="8"/><feColorMatrix values="0 0 0 0 .72  0 0 0 0 .66  0 0 0 0 .92  1.4 1.1 0 0 -1.02"/></filter>` +
    `<radialGradient id="band" gradientTransform="rotate(-28 .5 .5) translate(-.2 .25) scale(1.4 .5)"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#000"/></radialGradient>` +
    `<mask id="milky"><rect width="${width}" height="${height}" fill="url(#band)"/></mask>`;
  const dots = Array.from({ length: 700 }, () => {
    const bright = random() ** 6;
    const tint = ["#ffffff", "#dfe8ff", "#fff2d8"][Math.floor(random() * 3)];
    return `<circle cx="${(random() * width).toFixed(1)}" cy="${(random() * height).toFixed(1)}" r="${(0.7 + bright * 2.6).toFixed(2)}" fill="${tint}" opacity="${(0.35 + 0.65 * random()).toFixed(2)}"/>`;
  });
  const parts = [
    `<rect width="${width}" height="${height}" fill="url(#night)"/>`,
    `<g mask="url(#milky)"><rect width="${width}" height="${height}" filter="url(#dust)"/></g>`,
    ...dots,
  ];
  return page({ width, height }, definitions, parts.join(""));
}

/** A boat at sea in a dozen flat shapes, as one would draw it in a minute. */
function sketch() {
  const [width, height] = [512, 512];
  const parts = [
    `<rect width="512" height="512" fill="#f4a58a"/>`,
    `<rect width="512" height="150" fill="#8a6fa8"/>`,
    `<circle cx="366" cy="232" r="42" fill="#ffe08a"/>`,
    `<rect y="300" width="512" height="212" fill="#5a6fae"/>`,
    `<path d="M70 420L270 414L232 468L106 470Z" fill="#c8372d"/>`,
    `<path d="M170 408L166 240L82 402Z" fill="#fdfaf2"/>`,
    `<path d="M182 408L186 270L256 400Z" fill="#f4ead8"/>`,
    `<path d="M300 352h120M330 380h60M350 410h110M20 350h80" stroke="#ffd9a0" stroke-width="10"/>`,
  ];
  return page({ width, height }, "", parts.join(""));
}

/** A mask: a soft white spot above, on the left. */
function spot() {
  const [width, height] = [256, 256];
  const soft = `<radialGradient id="soft"><stop offset="0.82" stop-color="#fff"/><stop offset="1" stop-color="#000"/></radialGradient>`;
  const parts = `<rect width="256" height="256" fill="#000"/><circle cx="66" cy="78" r="64" fill="url(#soft)"/>`;
  return page({ width, height }, soft, parts);
}
