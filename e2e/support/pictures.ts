import sharp from "sharp";

/** A PNG of this size that no test has made before: soft colours that follow from `seed`. */
export async function picture(width: number, height: number, seed = 1): Promise<Buffer> {
  const small = 8;
  const pixels = Buffer.alloc(small * small * 3);
  let state = seed * 2_654_435_761;
  for (let index = 0; index < pixels.length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[index] = state >>> 24;
  }
  return await sharp(pixels, { raw: { width: small, height: small, channels: 3 } })
    .resize(width, height, { kernel: "cubic", fit: "fill" })
    .png()
    .toBuffer();
}
