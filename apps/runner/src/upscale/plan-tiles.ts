/** One run of the network: what it reads, and which part of that is kept. All in pixels of the input. */
export interface Tile {
  /** Top left corner of what is read; every tile of a plan reads `TilePlan.width` × `TilePlan.height`. */
  readonly left: number;
  readonly top: number;
  /** The part that is kept, in pixels of the whole picture: from inclusive, to exclusive. */
  readonly keepLeft: number;
  readonly keepTop: number;
  readonly keepRight: number;
  readonly keepBottom: number;
}

export interface TilePlan {
  readonly width: number;
  readonly height: number;
  /** Row by row, so that the output fills from top to bottom. */
  readonly tiles: readonly Tile[];
}

export interface TileOptions {
  readonly width: number;
  readonly height: number;
  /** Longest side of a tile. */
  readonly tile: number;
  /** Margin that is read but not kept, on the sides that do not lie on the picture's edge. */
  readonly overlap: number;
}

/**
 * Covers a picture with tiles of one shape, so that the network's buffers are allocated once.
 *
 * Tiles at the edge are moved inwards instead of padded: the network then sees the picture's real edge
 * as the edge, exactly as it does without tiles. The side of a tile is the shortest that covers the
 * picture with the same number of tiles. A picture smaller than a tile is one tile.
 */
export function planTiles(options: TileOptions): TilePlan {
  const columns = planAxis(options.width, options.tile, options.overlap);
  const rows = planAxis(options.height, options.tile, options.overlap);
  const tiles = rows.spans.flatMap((row) =>
    columns.spans.map((column) => ({
      left: column.start,
      top: row.start,
      keepLeft: column.keepFrom,
      keepTop: row.keepFrom,
      keepRight: column.keepTo,
      keepBottom: row.keepTo,
    })),
  );
  return { width: columns.side, height: rows.side, tiles };
}

interface Span {
  readonly start: number;
  readonly keepFrom: number;
  readonly keepTo: number;
}

function planAxis(
  length: number,
  tile: number,
  overlap: number,
): { side: number; spans: readonly Span[] } {
  const count = Math.max(1, Math.ceil((length - 2 * overlap) / (tile - 2 * overlap)));
  if (count === 1) return { side: length, spans: [{ start: 0, keepFrom: 0, keepTo: length }] };
  const side = Math.ceil((length + 2 * overlap * (count - 1)) / count);
  const starts = Array.from({ length: count }, (_, index) =>
    Math.min(index * (side - 2 * overlap), length - side),
  );
  const spans = starts.map((start, index) => ({
    start,
    keepFrom: index === 0 ? 0 : start + overlap,
    keepTo: (starts[index + 1] ?? length - overlap) + overlap,
  }));
  return { side, spans };
}
