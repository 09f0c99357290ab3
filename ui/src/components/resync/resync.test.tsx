import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";

import type { ResyncView } from "../../api/types";
import { expectNoAxeFindings } from "../../test/axe";
import { show } from "../../test/render";
import { failure } from "../../platform/fake";
import { ResyncButton, ResyncLine, useResync } from ".";

const SAME: ResyncView = {
  changed: false,
  sentence: "Nothing changed since 09:30.",
  changes: [],
  failure: null,
};

function Shown({ opportunity = "D-1" }: { opportunity?: string }) {
  const resync = useResync(opportunity, null);
  return (
    <>
      <ResyncButton resync={resync} closed={null} />
      <ResyncLine resync={resync} hint="Cannot create a second invoice." />
    </>
  );
}

function Switched() {
  const [opportunity, setOpportunity] = useState("D-1");
  return (
    <>
      <button type="button" onClick={() => setOpportunity("D-2")}>
        next deal
      </button>
      <Shown opportunity={opportunity} />
    </>
  );
}

function held() {
  let release: (view: ResyncView) => void = () => undefined;
  const promise = new Promise<ResyncView>((resolve) => {
    release = resolve;
  });
  return { promise, release };
}

const press = () => userEvent.click(screen.getByRole("button", { name: /Resync this deal/ }));

it("becomes three steps with counts, then the outcome in words", async () => {
  const reply = held();
  const shown = show(<Shown />, { resync_deal: () => reply.promise });
  expect(screen.getByText("Cannot create a second invoice.")).toBeTruthy();
  await press();
  act(() =>
    shown.platform.say({
      kind: "progress",
      progress: { task: "resync", stage: "books", sentence: "Reading QuickBooks", done: 2, of: 3 },
    }),
  );
  const now = screen
    .getAllByRole("listitem")
    .find((step) => step.getAttribute("aria-current") === "step");
  expect(now?.textContent).toBe("Books 2 of 3");
  expect(screen.getByText("Reading QuickBooks")).toBeTruthy();
  await expectNoAxeFindings();
  await act(async () => reply.release(SAME));
  await screen.findByText("Nothing changed since 09:30.");
  expect(screen.queryByRole("list")).toBeNull();
});

it("runs once, however often it is pressed", async () => {
  const reply = held();
  const shown = show(<Shown />, { resync_deal: () => reply.promise });
  await press();
  await press();
  expect(shown.platform.calls).toHaveLength(1);
  await act(async () => reply.release(SAME));
});

it("lists what changed", async () => {
  show(<Shown />, {
    resync_deal: () => ({
      ...SAME,
      changed: true,
      sentence: "1 field changed.",
      changes: [{ field: "amount", system: "QuickBooks", before: "31,500.00", after: "31,150.00" }],
    }),
  });
  await press();
  expect((await screen.findByRole("listitem")).textContent).toBe(
    "amount 31,500.00 → 31,150.00 in QuickBooks",
  );
});

it("tells a failure with its code, and forgets it with the deal", async () => {
  show(<Switched />, {
    resync_deal: () => {
      throw failure("TIE-0412", "QuickBooks asks you to sign in again");
    },
  });
  await press();
  expect((await screen.findByRole("alert")).textContent).toContain("TIE-0412");
  await userEvent.click(screen.getByRole("button", { name: "next deal" }));
  expect(screen.queryByRole("alert")).toBeNull();
  expect(screen.getByText("Cannot create a second invoice.")).toBeTruthy();
});
