/** What a row of the palette is while it is being dragged. */
export const nodeDragType = "application/x-heddle-node";
