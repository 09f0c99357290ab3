import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { PlatformProvider, queryClient } from "./platform/context";
import type { Platform } from "./platform/port";
import { tauri } from "./platform/tauri";
import { markTitleBar } from "./platform/title_bar";
import { appRouter } from "./router";

import "./theme/fonts.css";
import "./theme/tokens.css";
import "./theme/base.css";

/**
 * The shell is there in the product. A browser under development gets the recorded replies, and so
 * does a bundle built with `--mode recorded`, to look at it without the shell.
 */
async function platformHere(): Promise<Platform> {
  const recorded = import.meta.env.DEV || import.meta.env.MODE === "recorded";
  if (recorded && !("__TAURI_INTERNALS__" in window)) {
    return (await import("./platform/fake")).fakePlatform();
  }
  return tauri;
}

async function start(): Promise<void> {
  const place = document.getElementById("root");
  if (place === null) {
    throw new Error("index.html holds no element with the id root");
  }
  markTitleBar(document.documentElement);
  const router = appRouter();
  // The code of the first screen is read while everything else starts.
  void router.load();
  const platform = await platformHere();
  createRoot(place).render(
    <StrictMode>
      <PlatformProvider platform={platform} client={queryClient()}>
        <RouterProvider router={router} />
      </PlatformProvider>
    </StrictMode>,
  );
}

void start();
