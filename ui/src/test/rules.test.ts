import { expect, test } from "vitest";

// The rules of the code that a machine can check, for this half of the program.
const FILE_LINES_MAX = 300;
const TEST_LINES_MAX = 600;
const FUNCTION_LINES_MAX = 70;
const COLUMNS_MAX = 100;
const EMPTY_WORDS = /\b(?:type|interface|class)\s+\w*(?:Manager|Service|Helper|Util|Utils)\b/;

const FILES = import.meta.glob<string>("../**/*.{ts,tsx}", {
  eager: true,
  query: "?raw",
  import: "default",
});
const GENERATED = /^\.\.\/api\//;
const TEST = /\.test\.tsx?$/;

type File = { path: string; text: string; lines: string[] };

const files: File[] = Object.entries(FILES)
  .map(
    ([path, text]): File => ({
      path: path.replace(/^\.\//, "../test/"),
      text,
      lines: text.split("\n"),
    }),
  )
  .filter(({ path }) => !GENERATED.test(path));
const product = files.filter(({ path }) => !TEST.test(path));

function findings(of: readonly File[], find: (file: File) => string[]): string[] {
  return of.flatMap((file) => find(file).map((found) => `${file.path}: ${found}`));
}

test("files have one subject", () => {
  const long = findings(files, ({ path, lines }) => {
    const most = TEST.test(path) ? TEST_LINES_MAX : FILE_LINES_MAX;
    return lines.length - 1 > most ? [`${lines.length - 1} lines`] : [];
  });
  expect(long).toEqual([]);
});

test("lines fit", () => {
  const wide = findings(product, ({ lines }) =>
    lines.flatMap((line, at) =>
      line.length > COLUMNS_MAX && !/https?:/.test(line) ? [`${at + 1}: ${line.length}`] : [],
    ),
  );
  expect(wide).toEqual([]);
});

/** Functions of the file itself: they begin and end in the first column. */
function longFunctions({ lines }: File): string[] {
  return lines.flatMap((line, at) => {
    if (!/^(?:export )?(?:default )?(?:async )?function /.test(line)) {
      return [];
    }
    const length = lines.slice(at).findIndex((one) => one === "}") + 1;
    return length > FUNCTION_LINES_MAX ? [`${at + 1}: ${length} lines`] : [];
  });
}

test("functions are short", () => {
  expect(findings(product, longFunctions)).toEqual([]);
});

test("only one file touches the shell", () => {
  const touching = files.filter(({ text }) => /from "@tauri-apps\//.test(text));
  expect(touching.map(({ path }) => path)).toEqual(["../platform/tauri.ts"]);
});

test("no type is given up, and no rule switched off", () => {
  const given = /(?::|<|\bas) any\b|@ts-(?:ignore|nocheck|expect-error)|eslint-disable/;
  const self = "../test/rules.test.ts";
  const found = findings(
    files.filter(({ path }) => path !== self),
    ({ lines }) => lines.flatMap((line, at) => (given.test(line) ? [`${at + 1}`] : [])),
  );
  expect(found).toEqual([]);
});

test("no amount is read as a number", () => {
  const read = /parseFloat|Number\((?:\w+\.)*amount\b|\+(?:\w+\.)+amount\b/;
  const found = findings(product, ({ lines }) =>
    lines.flatMap((line, at) => (read.test(line) ? [`${at + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});

test("no test is skipped, and nothing is left half done", () => {
  const marks = [".skip(", ".only(", ".todo(", "FIX" + "ME", "TO" + "DO"];
  const self = "../test/rules.test.ts";
  const found = findings(
    files.filter(({ path }) => path !== self),
    ({ text }) => marks.filter((mark) => text.includes(mark)),
  );
  expect(found).toEqual([]);
});

test("names of types say something", () => {
  const found = findings(files, ({ lines }) => lines.filter((line) => EMPTY_WORDS.test(line)));
  expect(found).toEqual([]);
});
