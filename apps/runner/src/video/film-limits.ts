/** What one film may be, read or made: the coders work in 1 to 2 GB of memory at the most. */
export const filmLimits = {
  /** pixels of a side */
  side: 2_048,
  frames: 2_000,
  /** pixels of all frames that are made, together */
  pixels: 500_000_000,
  /** of a film that is read */
  seconds: 600,
};
