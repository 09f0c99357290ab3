import { expect, test, vi } from "vitest";

import { CATALOG_IDS, command } from "./catalog";
import { Registry } from "./registry";

test("a later registration of an id wins until it leaves", () => {
  const registry = new Registry();
  const [outer, inner] = [vi.fn(), vi.fn()];
  registry.add([command("file.export", outer)]);
  const leave = registry.add([command("file.export", inner)]);
  registry.run("file.export");
  leave();
  registry.run("file.export");
  expect(inner).toHaveBeenCalledTimes(1);
  expect(outer).toHaveBeenCalledTimes(1);
  expect(registry.all()).toHaveLength(1);
});

test("a closed command stays listed and does not run", () => {
  const registry = new Registry();
  const run = vi.fn();
  registry.add([command("run.now", run, { closed: "A run is under way." })]);
  expect(registry.run("run.now")).toBe(false);
  expect(run).not.toHaveBeenCalled();
  expect(registry.all().map((one) => one.closed)).toEqual(["A run is under way."]);
});

test("an unknown id, such as one of another screen, does nothing", () => {
  expect(new Registry().run("deal.resync")).toBe(false);
});

test("no two commands of the catalog share a key", () => {
  const keys = CATALOG_IDS.flatMap((id) => command(id, () => undefined).keys ?? []);
  expect(new Set(keys).size).toBe(keys.length);
});

test("a first letter of a sequence is no command by itself", () => {
  const keys = CATALOG_IDS.flatMap((id) => command(id, () => undefined).keys ?? []);
  const firsts = keys.filter((one) => one.includes(" ")).map((one) => one.split(" ")[0]);
  expect(keys.filter((one) => firsts.includes(one))).toEqual([]);
});
