export { createTestDatabase, type TestDatabase } from "./create-test-database.ts";
export { findViolations } from "./invariants.ts";
