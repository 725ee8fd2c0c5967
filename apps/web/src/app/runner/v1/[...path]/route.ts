import { passToOrchestrator } from "../../../../server/pass-to-orchestrator.ts";

export const dynamic = "force-dynamic";

export {
  passToOrchestrator as DELETE,
  passToOrchestrator as GET,
  passToOrchestrator as HEAD,
  passToOrchestrator as POST,
  passToOrchestrator as PUT,
};
