/** What is on its way from noise to a result by a rectified flow: all that changes between two steps. */
export interface FlowState {
  /** One number more than there are steps, from noise (1) to the result (0). */
  readonly times: readonly number[];
  /** Written by every step. */
  readonly latent: Float32Array;
  stepsDone: number;
}

export function stepsOf({ times }: FlowState): number {
  return times.length - 1;
}

/** What the next step needs and the request does not say: the number of steps done, then the latent, little-endian. */
export function saveFlow({ latent, stepsDone }: FlowState): Uint8Array {
  const state = new DataView(new ArrayBuffer(4 + 4 * latent.length));
  state.setUint32(0, stepsDone, true);
  for (const [at, value] of latent.entries()) state.setFloat32(4 + 4 * at, value, true);
  return new Uint8Array(state.buffer);
}

/** Sets what was prepared from the same request to a saved state; false, and nothing changed, when it is not one of such. */
export function restoreFlow(flow: FlowState, bytes: Uint8Array): boolean {
  const { latent } = flow;
  if (bytes.byteLength !== 4 + 4 * latent.length) return false;
  const state = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stepsDone = state.getUint32(0, true);
  if (stepsDone > stepsOf(flow)) return false;
  for (let at = 0; at < latent.length; at += 1) latent[at] = state.getFloat32(4 + 4 * at, true);
  flow.stepsDone = stepsDone;
  return true;
}
