import { expect, test } from "vitest";

import { typedDay } from "./typed_day";

test.each([
  ["31 may", "2026-05-31"],
  ["31 May 2025", "2025-05-31"],
  ["may 31", "2026-05-31"],
  ["September 1, 2025", "2025-09-01"],
  ["  6   jul ", "2026-07-06"],
  ["2026-5-3", "2026-05-03"],
  ["29 feb 2024", "2024-02-29"],
])("%s is %s", (typed, read) => {
  expect(typedDay(typed, 2026)).toBe(read);
});

test.each(["29 feb 2026", "31 june", "32 may", "31 mayor", "2026-13-01", "05/06/2026", "", "may"])(
  "%s is no day",
  (typed) => {
    expect(typedDay(typed, 2026)).toBeNull();
  },
);
