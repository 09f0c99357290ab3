import { act, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";

import { show } from "../test/render";
import { isStale } from "./context";
import { failure, fakePlatform } from "./fake";
import { useReply } from "./reply";

function Name() {
  const { data, error } = useReply("app_state", {});
  return <p>{error?.title ?? data?.workspace?.name ?? "…"}</p>;
}

test("a reply is asked once however many show it, and again when it is stale", async () => {
  const { platform } = show(
    <>
      <Name />
      <Name />
    </>,
  );
  await waitFor(() => expect(screen.getAllByText("Alder Quay Instruments")).toHaveLength(2));
  expect(platform.calls).toHaveLength(1);
  act(() => platform.say({ kind: "changed", tags: ["app"] }));
  await waitFor(() => expect(platform.calls).toHaveLength(2));
});

test("a change of something else asks nothing", async () => {
  const { platform } = show(<Name />);
  await screen.findByText("Alder Quay Instruments");
  act(() => platform.say({ kind: "changed", tags: ["settings"] }));
  expect(isStale("app_state", ["settings"])).toBe(false);
  expect(platform.calls).toHaveLength(1);
});

test("a failure comes as it was said, without a second try", async () => {
  const { platform } = show(<Name />, {
    app_state: () => Promise.reject(failure("TIE-1103", "The workspace does not open")),
  });
  expect(await screen.findByText("The workspace does not open")).toBeTruthy();
  expect(platform.calls).toHaveLength(1);
});

test("a command without a recorded reply fails loudly", async () => {
  const platform = fakePlatform();
  const asked = platform.call("cancel_task", {});
  await expect(asked).resolves.toHaveProperty("said");
  const unknown = Reflect.apply(platform.call, platform, ["no_such_command", {}]);
  await expect(unknown).rejects.toHaveProperty("title", "No reply is recorded for no_such_command");
});

test("params are equal whatever the order of their fields", async () => {
  const platform = fakePlatform();
  const { groups } = await platform.call("find", { text: "118400" });
  expect(groups).toHaveLength(1);
});
