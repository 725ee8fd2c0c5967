/**
 * Where long work was when it was last able to say so, by the key of the work. Unlike a blob, a checkpoint is replaced by
 * the next one and removed in the end; losing one loses time, never a result.
 */
export interface CheckpointStore {
  /** Null: there is none, or it is damaged. */
  read(key: string): Promise<Uint8Array | null>;
  /** Replaces the one before, at once and in full. */
  write(key: string, state: Uint8Array): Promise<void>;
  /** Nothing happens when there is none. */
  remove(key: string): Promise<void>;
}
