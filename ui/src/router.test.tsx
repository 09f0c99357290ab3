import { screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { showApp } from "./test/render";

test("an address opens its screen and keeps its search as text", async () => {
  const { router } = showApp("/deals?view=blocked&at_least=1500.00");
  expect(await screen.findByRole("heading", { level: 1, name: "Deals" })).toBeTruthy();
  expect(router.state.location.search).toEqual({ view: "blocked", at_least: "1500.00" });
});

test("the empty address leads to the overview", async () => {
  const { router } = showApp("/");
  expect(await screen.findByRole("heading", { level: 1, name: "Overview" })).toBeTruthy();
  expect(router.state.location.pathname).toBe("/overview");
});
