import type { TextToImageModel } from "./text-to-image-model.ts";

/** Exactly `length` token numbers; what is longer is cut, what is shorter is filled with 0. */
export type Tokenizer = (text: string) => number[];

/**
 * Words to numbers by greedy longest match, as in WordPiece (Wu et al., 2016): the same as `Tokenizer` of
 * `training/heddle_models/text_to_image/tokenizer.py`. A text is lower-cased and split into words of a–z and single
 * digits, everything else is dropped. A word that is no token is cut from the left into the longest ones that fit.
 */
export function createTokenizer({
  vocabulary,
  length,
}: Pick<TextToImageModel["tokenizer"], "vocabulary" | "length">): Tokenizer {
  const ids = new Map(vocabulary.map((token, id) => [token, id]));
  const longest = Math.max(...vocabulary.map((token) => token.length));

  function takePiece(word: string, start: number): { id: number; end: number } {
    const prefix = start === 0 ? "" : "##";
    for (let end = Math.min(word.length, start + longest); end > start; end -= 1) {
      const id = ids.get(prefix + word.slice(start, end));
      if (id !== undefined) return { id, end };
    }
    throw new Error(`The vocabulary lacks the letter "${word[start]}"`);
  }

  return (text) => {
    const tokens: number[] = [];
    for (const [word] of text.toLowerCase().matchAll(/[a-z]+|[0-9]/g)) {
      for (let start = 0; start < word.length && tokens.length < length;) {
        const { id, end } = takePiece(word, start);
        tokens.push(id);
        start = end;
      }
      if (tokens.length === length) break;
    }
    return [...tokens, ...Array<number>(length - tokens.length).fill(padding)];
  };
}

const padding = 0;
