import { sha256Schema, type MediaType, type ModelRef } from "@heddle/core";

/** One set of weights that ops can load. */
export interface Model {
  /** kebab-case, and the name of its file */
  readonly id: string;
  readonly title: string;
  readonly makes: MediaType;
  /** Who trained it: `house` is this project. */
  readonly source: "house";
  readonly help: string;
  /** SPDX identifier */
  readonly licence: string;
  /** of the weights file */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Declares a model; throws when its hash is not one. */
export function defineModel(model: Model): Model {
  sha256Schema.parse(model.sha256);
  return model;
}

/** What a node type says about the model that its op needs. */
export function modelRef({ id, sha256, sizeBytes }: Model): ModelRef {
  return { id, sha256, sizeBytes };
}
