export {
  createFilmDecoder,
  FilmUnreadable,
  type DecodedFilm,
  type DecodedFrame,
  type FilmDecoder,
} from "./film-decoder.ts";
