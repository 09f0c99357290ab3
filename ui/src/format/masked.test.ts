import { expect, test } from "vitest";

import { masked } from "./masked";

test.each([
  ["Copied 3 cells, sum 226,600.00", "Copied 3 cells, sum •••••"],
  ["differs by 2,150.00, 0.00 is allowed.", "differs by •••••, ••••• is allowed."],
  ["(2,470.00) in total", "••••• in total"],
  ["27900.00 USD, of it open -0.50 USD", "••••• USD, of it open ••••• USD"],
  ["The sum is 2,150.00.", "The sum is •••••."],
  ["5,400 JPY and 12.345 KWD", "••••• JPY and ••••• KWD"],
])("%s", (said, covered) => {
  expect(masked(said)).toBe(covered);
});

test.each([
  "1,204 of 3,871 documents, about 6 min left",
  "Run complete: 2 records changed",
  "All 10 totals proved at 09:42",
  "2.6% of materiality, 0.50 % of what is expected",
  "Invoice 2275 of 6 Jul 2026, as of 2026-06-30",
  "Version 1.0.2 is ready",
])("%s holds no amount", (said) => {
  expect(masked(said)).toBe(said);
});

test("amounts of any length look the same", () => {
  expect(masked("1.00 USD")).toBe(masked("9,999,999.00 USD"));
});
