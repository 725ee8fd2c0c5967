const mask = (1n << 64n) - 1n;

/**
 * Standard normal noise that any language can make again: as `noise` of
 * `heddle_models/text_to_image/sampler.py`. Pair i uses the upper halves a, b of outputs 2i and 2i + 1 of SplitMix64
 * (Steele et al., 2014) started at the seed, as (a + 0.5) / 2³² and (b + 0.5) / 2³², through Box–Muller: first the
 * cosine, then the sine.
 */
export function noise(seed: number, count: number): Float32Array {
  const values = new Float32Array(count);
  let state = BigInt(seed) & mask;
  const draw = (): number => {
    state = (state + 0x9e3779b97f4a7c15n) & mask;
    let mixed = ((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & mask;
    return (Number((mixed ^ (mixed >> 31n)) >> 32n) + 0.5) / 2 ** 32;
  };
  for (let at = 0; at < count; at += 2) {
    const radius = Math.sqrt(-2 * Math.log(draw()));
    const angle = 2 * Math.PI * draw();
    values[at] = radius * Math.cos(angle);
    if (at + 1 < count) values[at + 1] = radius * Math.sin(angle);
  }
  return values;
}
