import axe from "axe-core";
import { expect } from "vitest";

/** jsdom draws nothing, so colour contrast is checked in the real window. */
export async function expectNoAxeFindings(place: Element = document.body): Promise<void> {
  const { violations } = await axe.run(place, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join("\n  ")}`);
  expect(found).toEqual([]);
}
