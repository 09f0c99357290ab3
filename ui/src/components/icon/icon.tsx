import type { ReactNode } from "react";

const DRAWINGS = {
  overview: (
    <>
      <path d="M2 3h3.5v10M5.5 6H9v7M9 9.5h3.5V13M1.5 13.5h13" />
    </>
  ),
  receivables: (
    <>
      <path d="M2 3.5h6M2 6.5h8M2 9.5h5M10 12h4M10 14.2h4" />
      <path d="M12.5 3v6" />
    </>
  ),
  deals: (
    <>
      <path d="M8 1.8 14.2 8 8 14.2 1.8 8Z" />
      <path d="m5.6 8.2 1.8 1.7 3-3.6" />
    </>
  ),
  reconciliation: (
    <>
      <path d="M2 4.5h5M9 4.5h5M2 8h12M2 11.5h5M9 11.5h5" />
    </>
  ),
  workpapers: (
    <>
      <path d="M3.5 1.8h6.2l2.8 2.9v9.5h-9Z" />
      <path d="M5.6 7h4.8M5.6 10.2h4.8M5.6 11.8h4.8" />
    </>
  ),
  activity: (
    <>
      <path d="M1.8 8.4h2.7l1.9-5 3 9.2 1.9-4.2h2.9" />
    </>
  ),
  connections: (
    <>
      <rect x="1.8" y="5" width="4.6" height="6" />
      <rect x="9.6" y="5" width="4.6" height="6" />
      <path d="M6.4 8h3.2" />
    </>
  ),
  settings: (
    <>
      <path d="M2 4.5h6M11 4.5h3M2 11.5h3M8 11.5h6" />
      <circle cx="9.5" cy="4.5" r="1.5" />
      <circle cx="6.5" cy="11.5" r="1.5" />
    </>
  ),
  find: (
    <>
      <circle cx="7" cy="7" r="4.4" />
      <path d="m10.4 10.4 3.4 3.4" />
    </>
  ),
  eye: (
    <>
      <path d="M1.6 8S4 3.8 8 3.8 14.4 8 14.4 8 12 12.2 8 12.2 1.6 8 1.6 8Z" />
      <circle cx="8" cy="8" r="1.9" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M6.2 6.2a1.9 1.9 0 1 1 2.6 1.9c-.5.3-.8.6-.8 1.2M8 11.5v.2" />
    </>
  ),
  close: (
    <>
      <path d="m4 4 8 8M12 4l-8 8" />
    </>
  ),
  up: (
    <>
      <path d="m4 10 4-4 4 4" />
    </>
  ),
  down: (
    <>
      <path d="m4 6 4 4 4-4" />
    </>
  ),
  out: (
    <>
      <path d="M6 3H3v10h10v-3M9 3h4v4M13 3 7.5 8.5" />
    </>
  ),
  cols: (
    <>
      <path d="M2 3h12v10H2ZM6.5 3v10M10.5 3v10" />
    </>
  ),
  rows: (
    <>
      <path d="M2 4h12M2 8h12M2 12h12" />
    </>
  ),
  sync: (
    <>
      <path d="M13 6.2A5.3 5.3 0 0 0 3.4 5M3 9.8A5.3 5.3 0 0 0 12.6 11" />
      <path d="M3.2 2.4V5h2.6M12.8 13.6V11h-2.6" />
    </>
  ),
  copy: (
    <>
      <rect x="5" y="5" width="8.5" height="8.5" />
      <path d="M11 5V2.5H2.5V11H5" />
    </>
  ),
  file: (
    <>
      <path d="M4 1.8h5l3.2 3.2v9.2H4Z" />
      <path d="M9 1.8V5h3.2" />
    </>
  ),
  lock: (
    <>
      <rect x="3.2" y="7" width="9.6" height="6.6" />
      <path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2" />
    </>
  ),
  mail: (
    <>
      <path d="M1.8 3.8h12.4v8.4H1.8Zm0 .4L8 9l6.2-4.8" />
    </>
  ),
  plus: (
    <>
      <path d="M8 3v10M3 8h10" />
    </>
  ),
  dots: (
    <>
      <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.2" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof DRAWINGS;

/** 16 px, one weight, always beside a word or inside a control that has a name. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
      {DRAWINGS[name]}
    </svg>
  );
}

export function Chevron({ className }: { className?: string }) {
  return (
    <svg className={className ?? "chev"} viewBox="0 0 9 9" aria-hidden="true">
      <path d="m1.5 3 3 3 3-3" />
    </svg>
  );
}

/** The tick on a double rule: agreed, footed, ruled off. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg className={className} viewBox="0 0 20 20" aria-hidden="true">
      <path
        d="m4 7.6 4 4L16 2.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M2.5 15h15M2.5 18h15" stroke="var(--ink)" strokeWidth="1.5" />
    </svg>
  );
}
