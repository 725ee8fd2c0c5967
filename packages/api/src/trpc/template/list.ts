import { compile, describeInterface } from "@heddle/core";
import type { Api, Template } from "../../api.ts";
import { linkArtifacts } from "../../wire/link-artifact.ts";
import { publicProcedure } from "../init.ts";

/** The workflows that come with Heddle. */
export const list = publicProcedure.query(({ ctx: { api } }) => {
  const link = linkArtifacts(api, "");
  return api.templates.map((template) => {
    const { slug, document, picture } = template;
    const { inputs, outputs } = describeInterface(document, api.catalog);
    return {
      slug,
      name: document.name,
      description: document.description,
      picture: picture === null ? null : { ...picture, url: link(picture) },
      takes: inputs.map(({ field }) => field.type),
      gives: outputs.map(({ type }) => type),
      nodes: Object.keys(document.nodes).length,
      estimate: estimate(api, template),
    };
  });
});

function estimate(api: Api, { document }: Template) {
  const compiled = compile(document, api.catalog, {
    requireInputs: false,
    limits: api.limits,
    randomSeed: () => api.randomSeed(),
  });
  return compiled.ok ? compiled.plan.estimate : { deviceMs: 0, costUsd: 0 };
}
