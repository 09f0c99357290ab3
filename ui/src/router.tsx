import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  type RouterHistory,
} from "@tanstack/react-router";

import { Frame } from "./frame/frame";
import { ScreenFailed, ScreenPending } from "./frame/screen_states";

/** Everything in the address stays text; an amount in a filter is never read as a number. */
export type Address = Record<string, string>;

function parseSearch(search: string): Address {
  return Object.fromEntries(new URLSearchParams(search));
}

function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).filter(
    (pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== "",
  );
  const text = new URLSearchParams(pairs).toString();
  return text === "" ? "" : `?${text}`;
}

const root = createRootRoute({
  component: Frame,
  validateSearch: (search: Record<string, unknown>): Address => search as Address,
});

const index = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: () => <Navigate to="/overview" search={true} replace />,
});

const screens = [
  createRoute({
    getParentRoute: () => root,
    path: "/overview",
    component: lazyRouteComponent(() => import("./screens/overview"), "Screen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/receivables",
    component: lazyRouteComponent(() => import("./screens/receivables"), "Screen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/deals",
    component: lazyRouteComponent(() => import("./screens/deals"), "Screen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/reconciliation",
    component: lazyRouteComponent(() => import("./screens/reconciliation"), "Screen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/workpapers",
    component: lazyRouteComponent(() => import("./screens/workpapers"), "Screen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/activity",
    component: lazyRouteComponent(() => import("./screens/activity"), "Screen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/connections",
    component: lazyRouteComponent(() => import("./screens/connections"), "Screen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/settings",
    component: lazyRouteComponent(() => import("./screens/settings"), "Screen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/first-run",
    component: lazyRouteComponent(() => import("./screens/first-run"), "Screen"),
  }),
] as const;

const routeTree = root.addChildren([index, ...screens]);

export function appRouter(history: RouterHistory = createHashHistory()) {
  return createRouter({
    routeTree,
    history,
    parseSearch,
    stringifySearch,
    defaultPendingComponent: ScreenPending,
    defaultErrorComponent: ScreenFailed,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof appRouter>;
  }
}
