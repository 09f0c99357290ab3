import { useEffect, useState } from "react";

const SECOND_MS = 1000;

/** The time now, once a second, for countdowns. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** "13 min 20 s"; nothing once it is over. */
export function leftUntil(instant: string, now: number): string | null {
  const left = Math.floor((Date.parse(instant) - now) / SECOND_MS);
  if (Number.isNaN(left) || left <= 0) {
    return null;
  }
  const minutes = Math.floor(left / 60);
  const seconds = left % 60;
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds} s`;
}
