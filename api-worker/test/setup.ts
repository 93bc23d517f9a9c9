import { afterAll, afterEach, beforeEach, expect, vi } from "vitest";
import { resetFloodGate } from "../src/platform/security-log.ts";
import { forgetStoredSettings } from "../src/platform/site-settings.ts";
import { clearFaults } from "./faults.ts";
import { takeErrors, takeInfos, watchLogs } from "./logs.ts";
import { renewStorage } from "./storage.ts";

// Test files run one after another in one runtime. Each starts with empty storage and without
// another file's faults, and leaves no spy behind.
clearFaults();
await renewStorage();
forgetStoredSettings();
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

watchLogs();
takeErrors();
beforeEach(() => {
  resetFloodGate();
  takeInfos();
});
afterEach(() => {
  const unexpected = takeErrors().map(({ text }) => text);
  expect(unexpected, "nothing logs an error that the test did not take").toEqual([]);
});
