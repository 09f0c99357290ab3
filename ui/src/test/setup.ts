import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

afterEach(() => cleanup());

// jsdom has no layout, so it can neither scroll nor tell sizes.
window.scrollTo = () => undefined;

// Screens load their code when they are opened; a busy machine takes its time for the first one.
configure({ asyncUtilTimeout: 5000 });
vi.setConfig({ testTimeout: 30_000 });

// jsdom knows no CSS object; collections of React Aria look their items up by escaped keys.
if (typeof globalThis.CSS === "undefined") {
  const escape = (text: string) => text.replace(/[^\w-]/g, (sign) => `\\${sign}`);
  Object.defineProperty(globalThis, "CSS", { value: { escape } });
}
