import { useLayoutEffect, useState, type RefObject } from "react";

/** Width of a place in pixels, followed as the window changes. `before` until it is measured. */
export function useWidth(place: RefObject<Element | null>, before: number): number {
  const [width, setWidth] = useState(before);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null || typeof ResizeObserver === "undefined") {
      return undefined;
    }
    const measure = () => {
      const now = element.clientWidth;
      if (now > 0) setWidth(now);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return width;
}
