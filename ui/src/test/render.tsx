import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render, type RenderResult } from "@testing-library/react";
import type { ReactNode } from "react";

import { PlatformProvider, queryClient } from "../platform/context";
import { fakePlatform, type Answers, type FakePlatform } from "../platform/fake";
import { appRouter } from "../router";

export type Shown = RenderResult & { platform: FakePlatform };

/** Shows one component with a platform around it. */
export function show(what: ReactNode, answers: Answers = {}): Shown {
  const platform = fakePlatform(answers);
  const shown = render(
    <PlatformProvider platform={platform} client={queryClient()}>
      {what}
    </PlatformProvider>,
  );
  return { ...shown, platform };
}

export type ShownApp = Shown & { router: ReturnType<typeof appRouter> };

/** Shows the whole window at an address such as "/deals?view=blocked". */
export function showApp(address: string, answers: Answers = {}): ShownApp {
  const platform = fakePlatform(answers);
  const router = appRouter(createMemoryHistory({ initialEntries: [address] }));
  const shown = render(
    <PlatformProvider platform={platform} client={queryClient()}>
      <RouterProvider router={router} />
    </PlatformProvider>,
  );
  return { ...shown, platform, router };
}
