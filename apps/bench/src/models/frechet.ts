import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** Mean and covariance of a set of vectors. */
export interface Spread {
  readonly mean: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

export function spreadOf(vectors: readonly Float32Array[]): Spread {
  const matrix = new Matrix(vectors.map((vector) => [...vector]));
  const mean = matrix.mean("column");
  const centred = matrix.subRowVector(mean);
  const covariance = centred
    .transpose()
    .mmul(centred)
    .div(vectors.length - 1);
  return { mean, covariance: covariance.to2DArray() };
}

/**
 * Fréchet distance of two sets of vectors seen as Gaussians (Heusel et al., 2017): with another network's features than
 * the usual one, so only comparable with itself.
 */
export function frechetDistance(first: Spread, second: Spread): number {
  const means = first.mean.reduce(
    (sum, value, at) => sum + (value - (second.mean[at] ?? 0)) ** 2,
    0,
  );
  const [a, b] = [new Matrix(copy(first.covariance)), new Matrix(copy(second.covariance))];
  const root = squareRoot(a);
  const inner = eigenvaluesOf(root.mmul(b).mmul(root));
  const overlap = inner.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  return means + a.trace() + b.trace() - 2 * overlap;
}

/** Mean distance between the vectors of a group, over all groups. */
export function meanDistance(groups: readonly (readonly Float32Array[])[]): number {
  const distances = groups.flatMap((group) =>
    group.flatMap((first, at) => group.slice(at + 1).map((second) => distance(first, second))),
  );
  return distances.reduce((sum, value) => sum + value, 0) / distances.length;
}

function distance(first: Float32Array, second: Float32Array): number {
  return Math.hypot(...first.map((value, at) => value - (second[at] ?? 0)));
}

function squareRoot(matrix: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const roots = Matrix.diag(realEigenvalues.map((value) => Math.sqrt(Math.max(0, value))));
  return eigenvectorMatrix.mmul(roots).mmul(eigenvectorMatrix.transpose());
}

function eigenvaluesOf(matrix: Matrix): number[] {
  return new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues;
}

function copy(rows: readonly (readonly number[])[]): number[][] {
  return rows.map((row) => [...row]);
}
