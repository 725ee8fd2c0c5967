import type { MediaType } from "@heddle/core";

/** One value of a media type. */
export function one(media: MediaType, label: string) {
  return { label, type: { media, list: false } } as const;
}

/** A list of values of a media type. */
export function many(media: MediaType, label: string) {
  return { label, type: { media, list: true } } as const;
}

/** One value of whatever is wired into the input `sameAs`. */
export function oneOf(sameAs: string, label: string) {
  return { label, type: { media: "any", list: false }, sameAs } as const;
}

/** A list of whatever is wired into the input `sameAs`. */
export function manyOf(sameAs: string, label: string) {
  return { label, type: { media: "any", list: true }, sameAs } as const;
}
