import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The shell serves the page from its own scheme, so every path is relative. Nothing is inlined:
// the content security policy of the window allows neither inline scripts nor data addresses.
export default defineConfig({
  base: "./",
  plugins: [react()],
  server: { port: 5317, strictPort: true, host: "127.0.0.1" },
  build: {
    target: "safari18",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: { modules: { classNameStrategy: "non-scoped" } },
    // A guard against a test that hangs, wide enough for a busy machine.
    testTimeout: 60_000,
    restoreMocks: true,
  },
});
