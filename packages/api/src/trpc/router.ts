import { links } from "./artifact/links.ts";
import { router } from "./init.ts";
import { create as createKey } from "./key/create.ts";
import { list as listKeys } from "./key/list.ts";
import { revoke } from "./key/revoke.ts";
import { approve } from "./run/approve.ts";
import { cancel } from "./run/cancel.ts";
import { get as getRun } from "./run/get.ts";
import { list as listRuns } from "./run/list.ts";
import { pause, resume } from "./run/pause.ts";
import { preview } from "./run/preview.ts";
import { submit } from "./run/submit.ts";
import { cluster } from "./runner/cluster.ts";
import { list as listRunners } from "./runner/list.ts";
import { create as createRunnerToken } from "./runner-token/create.ts";
import { list as listRunnerTokens } from "./runner-token/list.ts";
import { revoke as revokeRunnerToken } from "./runner-token/revoke.ts";
import { get as getShared } from "./share/get.ts";
import { get as getStorage } from "./storage/get.ts";
import { list as listTemplates } from "./template/list.ts";
import { create } from "./workflow/create.ts";
import { remove } from "./workflow/delete.ts";
import { duplicate } from "./workflow/duplicate.ts";
import { get } from "./workflow/get.ts";
import { list } from "./workflow/list.ts";
import { publish } from "./workflow/publish.ts";
import { save } from "./workflow/save.ts";
import { versions } from "./workflow/versions.ts";

/** Every procedure of the web interface. */
export const appRouter = router({
  workflow: router({ list, get, create, save, delete: remove, duplicate, publish, versions }),
  template: router({ list: listTemplates }),
  run: router({ submit, get: getRun, list: listRuns, cancel, pause, resume, approve, preview }),
  share: router({ get: getShared }),
  key: router({ list: listKeys, create: createKey, revoke }),
  runner: router({ cluster, list: listRunners }),
  runnerToken: router({
    list: listRunnerTokens,
    create: createRunnerToken,
    revoke: revokeRunnerToken,
  }),
  artifact: router({ links }),
  storage: router({ get: getStorage }),
});
export type AppRouter = typeof appRouter;
