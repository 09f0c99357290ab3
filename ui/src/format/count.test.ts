import { expect, it } from "vitest";

import { count } from "./count";

it("groups thousands and leaves small counts alone", () => {
  expect(count(0)).toBe("0");
  expect(count(999)).toBe("999");
  expect(count(1204)).toBe("1,204");
  expect(count(1_000_000)).toBe("1,000,000");
});
