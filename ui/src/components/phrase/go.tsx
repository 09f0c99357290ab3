import { Link } from "@tanstack/react-router";
import type { CSSProperties, ReactNode } from "react";

import type { Target } from "../../api/types";
import { following, useAddress } from "../../frame/address";
import { addressOf, searchOf } from "../../frame/target";

type GoProps = {
  target: Target;
  children: ReactNode;
  className?: string | undefined;
  /** Said instead of the content, which it must contain. */
  label?: string;
  title?: string;
  style?: CSSProperties;
};

/** A link to the list or the record behind a figure. The scope goes along. */
export function Go({ target, children, className, label, title, style }: GoProps) {
  const { search } = useAddress();
  const { path }: { path: string } = addressOf(target);
  return (
    <Link
      to={path}
      search={searchOf(target, following(search))}
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
