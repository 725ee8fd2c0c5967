import { create } from "zustand";

interface Uploads {
  /** How many files are on their way. */
  readonly underWay: number;
  readonly begin: (files: number) => void;
  readonly end: (files: number) => void;
}

/** Files that this page is uploading: a form that is sent before they are stored would run without them. */
export const useUploads = create<Uploads>((set) => ({
  underWay: 0,
  begin: (files) => set(({ underWay }) => ({ underWay: underWay + files })),
  end: (files) => set(({ underWay }) => ({ underWay: underWay - files })),
}));
