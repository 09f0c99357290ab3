import { screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { showApp } from "../test/render";
import { show } from "../test/render";
import { SelectionProvider, useSelectionInView, useSelectionSums } from "./selection";

const SUMS = { label: "3 cells", sums: [{ amount: "226600.00", currency: "USD" }], average: null };

function Grid() {
  useSelectionSums(SUMS);
  return null;
}

function Bar() {
  return <p>{useSelectionInView()?.label ?? "nothing"}</p>;
}

test("the sums of a grid leave the status bar with the grid", () => {
  const { rerender } = show(
    <SelectionProvider>
      <Grid />
      <Bar />
    </SelectionProvider>,
  );
  expect(screen.getByText("3 cells")).toBeTruthy();
  rerender(
    <SelectionProvider>
      <Bar />
    </SelectionProvider>,
  );
  expect(screen.getByText("nothing")).toBeTruthy();
});

test("without a selection the status bar has no sums", async () => {
  showApp("/settings");
  await screen.findByText(/totals proved/);
  expect(screen.queryByText("Average")).toBeNull();
});
