import { render, screen } from "@testing-library/react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";

import { expectNoAxeFindings } from "../../test/axe";
import { Glyph, glyphNamed, SHAPES, StatusWord, WORDS } from ".";

it("draws every state with an outline of its own", () => {
  const drawn = Object.values(SHAPES).map((shape) => renderToStaticMarkup(shape));
  expect(new Set(drawn).size).toBe(drawn.length);
  expect(Object.keys(WORDS).sort()).toEqual(Object.keys(SHAPES).sort());
});

it("takes names by meaning and draws a dot for a name nobody drew", () => {
  expect([glyphNamed("late"), glyphNamed("unk"), glyphNamed("tick"), glyphNamed("comet")]).toEqual([
    "triangle",
    "diamond",
    "tick",
    "dot",
  ]);
});

it("is silent beside a word and speaks alone", async () => {
  render(
    <>
      <StatusWord glyph="late" word="8 d late" />
      <Glyph name="flag" label="One invoice is disputed" />
    </>,
  );
  expect(screen.getByText("8 d late")).toBeTruthy();
  expect(screen.getAllByRole("img")).toHaveLength(1);
  expect(screen.getByRole("img", { name: "One invoice is disputed" })).toBeTruthy();
  await expectNoAxeFindings();
});
