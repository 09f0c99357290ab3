import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// A guard against waiting for ever, wide enough for a busy machine.
configure({ asyncUtilTimeout: 20_000 });

afterEach(() => cleanup());

// jsdom has no layout, so it can neither scroll nor tell sizes.
window.scrollTo = () => undefined;

// jsdom knows no CSS object; collections of React Aria look their items up by escaped keys.
if (typeof globalThis.CSS === "undefined") {
  const escape = (text: string) => text.replace(/[^\w-]/g, (sign) => `\\${sign}`);
  Object.defineProperty(globalThis, "CSS", { value: { escape } });
}
