import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(() => cleanup());

// jsdom has no layout, so it can neither scroll nor tell sizes.
window.scrollTo = () => undefined;
