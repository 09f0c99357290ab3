import type { AppState, Preferences } from "../api/types";
import { fakePlatform } from "../platform/fake";

const recorded = fakePlatform();

/** The recorded state of the window with some of it said otherwise. */
export async function appState(changes: Partial<AppState> = {}): Promise<AppState> {
  return { ...(await recorded.call("app_state", {})), ...changes };
}

export async function preferences(changes: Partial<Preferences> = {}): Promise<Preferences> {
  return { ...(await recorded.call("preferences", {})), ...changes };
}

const strong = (text: string) => ({ text, strong: true });
const plain = (text: string) => ({ text, strong: false });

/** Two companies, a reading with a gap, and something that waits nearly everywhere. */
export const BUSY: Partial<AppState> = {
  ledgers: [
    { id: "aq-us", name: "AQ-US", currency: "USD" },
    { id: "aq-uk", name: "AQ-UK", currency: "GBP" },
  ],
  known: [{ label: "2 Jul 17:40", note: "signed", known_at: "2026-07-02T17:40:00Z" }],
  waiting: [
    { screen: "deals", count: 32, what: "unpaid" },
    { screen: "reconciliation", count: 6, what: "to decide" },
    { screen: "activity", count: 0, what: "unknown outcome" },
  ],
  proof: { text: "11 of 13 totals proved", proved: false },
  status: [
    { parts: [plain("Payments, GBP: 3 of 4 read")], glyph: "half_square", minor: false },
    {
      parts: [plain("Last run "), strong("09:30"), plain(", incomplete")],
      glyph: null,
      minor: false,
    },
    { parts: [plain("Last complete run 09:00")], glyph: null, minor: true },
    { parts: [plain("1 outcome unknown")], glyph: "diamond", minor: false },
  ],
};
