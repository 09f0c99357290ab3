import { describe, expect, it } from "vitest";

import { digitsOf, figure, typedAmount, withoutZeroDigits } from "./money";

describe("figure", () => {
  it.each([
    ["1234.50", "USD", "1,234.50", "positive"],
    ["-1234.50", "USD", "(1,234.50)", "negative"],
    ["0.00", "USD", "0.00", "zero"],
    ["-0.00", "USD", "0.00", "zero"],
    ["0", "EUR", "0.00", "zero"],
    ["999", "USD", "999.00", "positive"],
    ["1000", "JPY", "1,000", "positive"],
    ["-1000000", "JPY", "(1,000,000)", "negative"],
    ["1.5", "KWD", "1.500", "positive"],
    ["0.001", "KWD", "0.001", "positive"],
    ["123456789012345678.90", "USD", "123,456,789,012,345,678.90", "positive"],
  ])("%s %s", (amount, currency, text, sign) => {
    expect(figure(amount, currency)).toEqual({ text, sign });
  });

  it("keeps every digit it was given", () => {
    expect(figure("1.23456", "USD").text).toBe("1.23456");
  });

  it("shows a minus sign where the person asked for one", () => {
    expect(figure("-5.00", "USD", "minus").text).toBe("\u22125.00");
  });

  it("takes the separators of the locale and nothing else", () => {
    const german = figure("-1234567.8", "EUR", "brackets", { group: ".", decimal: "," });
    expect(german.text).toBe("(1.234.567,80)");
  });

  it("never turns unreadable text into zero", () => {
    expect(figure("n/a", "USD")).toEqual({ text: "n/a", sign: "positive" });
  });
});

describe("digitsOf", () => {
  it.each([
    ["JPY", 0],
    ["USD", 2],
    ["KWD", 3],
    ["CLF", 4],
  ])("%s", (currency, digits) => {
    expect(digitsOf(currency)).toBe(digits);
  });
});

describe("typedAmount", () => {
  it.each([
    ["1,250", "USD", "1250.00"],
    [" 0250.5 ", "USD", "250.50"],
    ["100", "JPY", "100"],
    ["-0", "USD", "0.00"],
    ["-3.2", "USD", "-3.20"],
  ])("%s %s", (typed, currency, amount) => {
    expect(typedAmount(typed, currency)).toBe(amount);
  });

  it.each([
    ["", "USD"],
    ["abc", "USD"],
    ["1.005", "USD"],
    ["1.5", "JPY"],
    ["1e3", "USD"],
  ])("refuses %j in %s", (typed, currency) => {
    expect(typedAmount(typed, currency)).toBeNull();
  });
});

it("drops zero digits of a round limit only", () => {
  expect(withoutZeroDigits("5000.00")).toBe("5,000");
  expect(withoutZeroDigits("0.05")).toBe("0.05");
});
