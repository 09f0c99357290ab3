import { expect, it } from "vitest";

import { clock, day, dayAndClock, monthOf, shortDay } from "./dates";

it("writes the month as a word and the day without a zero", () => {
  expect(day("2026-07-06")).toBe("6 Jul 2026");
  expect(day("2025-12-31")).toBe("31 Dec 2025");
});

it("leaves the year out inside the fiscal year only", () => {
  expect(shortDay("2026-07-06", "2026-01-01")).toBe("6 Jul");
  expect(shortDay("2025-12-31", "2026-01-01")).toBe("31 Dec 2025");
  expect(shortDay("2027-01-01", "2026-01-01")).toBe("1 Jan 2027");
  expect(shortDay("2026-03-31", "2026-04-01")).toBe("31 Mar 2026");
  expect(shortDay("2027-03-31", "2026-04-01")).toBe("31 Mar");
});

it("reads the clock off the text and moves it by no zone", () => {
  expect(clock("2026-07-06T09:30:41-07:00")).toBe("09:30");
  expect(dayAndClock("2026-07-06T23:30:41-07:00", "2026-01-01")).toBe("6 Jul 23:30");
});

it("names the month", () => {
  expect(monthOf("2026-06-30")).toBe("June 2026");
});

it("shows what is no date as it came", () => {
  expect([day("none"), shortDay("none", "2026-01-01"), clock("now")]).toEqual([
    "none",
    "none",
    "now",
  ]);
});
