import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, useContext, useEffect, type ReactNode } from "react";

import { READS } from "../api/client";
import type { AppEvent, CommandName, FailureView, Tag } from "../api/types";
import type { Platform } from "./port";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: FailureView;
  }
}

const PlatformContext = createContext<Platform | null>(null);

export function usePlatform(): Platform {
  const platform = useContext(PlatformContext);
  if (platform === null) {
    throw new Error("usePlatform needs a PlatformProvider above it");
  }
  return platform;
}

/** Replies are local and change only when the program says so: never refetch on a hunch. */
export function queryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

export function isStale(command: string, tags: readonly Tag[]): boolean {
  const read = READS[command as CommandName];
  return read?.some((tag) => tags.includes(tag)) ?? false;
}

/** Hears every event of the program for as long as the component is shown. */
export function useAppEvent(handler: (event: AppEvent) => void): void {
  const platform = usePlatform();
  useEffect(() => platform.on(handler), [platform, handler]);
}

export function PlatformProvider(props: {
  platform: Platform;
  client: QueryClient;
  children: ReactNode;
}) {
  const { platform, client, children } = props;
  useEffect(
    () =>
      platform.on((event) => {
        if (event.kind === "changed") {
          void client.invalidateQueries({
            predicate: ({ queryKey }) => isStale(String(queryKey[0]), event.tags),
          });
        }
      }),
    [platform, client],
  );
  return (
    <PlatformContext.Provider value={platform}>
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </PlatformContext.Provider>
  );
}
