export { claimOldest } from "./claim-oldest.ts";
export { createTestDatabase, type TestDatabase } from "./create-test-database.ts";
export { checkInvariants, findDamagedArtifacts, findViolations } from "./invariants.ts";
export { passTime } from "./pass-time.ts";
export { testCatalog, testDocument, testModel, testPlan } from "./test-catalog.ts";
