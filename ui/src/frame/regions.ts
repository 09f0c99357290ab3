/** Parts of the window that F6 visits, in the order of the document. */
const REGION = "[data-region]";
const REACHABLE =
  "a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex='0']";

function regions(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(REGION)].filter(
    (region) => region.closest("[inert], [aria-hidden='true']") === null,
  );
}

/** Where the focus was when it left each region. */
const left = new WeakMap<HTMLElement, HTMLElement>();

/** Hidden controls, such as those a narrow window leaves out, cannot take the focus. */
function isShown(control: HTMLElement): boolean {
  return control.checkVisibility?.() ?? true;
}

function enter(region: HTMLElement): void {
  const remembered = left.get(region);
  if (remembered !== undefined && region.contains(remembered) && isShown(remembered)) {
    remembered.focus();
    return;
  }
  const first = [...region.querySelectorAll<HTMLElement>(REACHABLE)].find(isShown);
  (first ?? region).focus();
}

/** Moves the focus to the next region, or to the one before with `step` -1. */
export function moveRegion(step: 1 | -1): void {
  const all = regions();
  const here = document.activeElement;
  const at = all.findIndex((region) => region.contains(here));
  const from = all[at];
  if (from !== undefined && here instanceof HTMLElement) {
    left.set(from, here);
  }
  const start = at === -1 && step === -1 ? 0 : at;
  const next = all[(start + step + all.length) % all.length];
  if (next !== undefined) {
    enter(next);
  }
}
