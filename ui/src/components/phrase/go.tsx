import { Link } from "@tanstack/react-router";
import type { CSSProperties, ReactNode } from "react";

import { following, patched, useAddress } from "../../frame/address";
import type { Address } from "../../router";
import type { Target } from "./preview";

/** Where a target lies: the scope goes along, what the target names wins. */
export function searchOf(target: Target, now: Address): Address {
  const { view, record, ledger, as_of } = target;
  return patched(following(now), {
    view,
    record,
    ...(ledger === null ? {} : { ledger }),
    ...(as_of === null ? {} : { as_of }),
  });
}

type GoProps = {
  target: Target;
  children: ReactNode;
  className?: string | undefined;
  /** Said instead of the content, which it must contain. */
  label?: string;
  title?: string;
  style?: CSSProperties;
};

/** A link to the list or the record behind a figure. */
export function Go({ target, children, className, label, title, style }: GoProps) {
  const { search } = useAddress();
  return (
    <Link
      to={`/${target.screen}`}
      search={searchOf(target, search)}
      className={className}
      aria-label={label}
      title={title}
      style={style}
      activeProps={{}}
    >
      {children}
    </Link>
  );
}
