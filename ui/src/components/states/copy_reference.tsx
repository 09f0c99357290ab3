import { useState } from "react";

import { IconButton } from "../controls/button";
import styles from "./states.module.css";

/** The reference may begin with the code already. */
function withCode(code: string, reference: string): string {
  if (reference === "" || reference.startsWith(code)) {
    return reference === "" ? code : reference;
  }
  return `${code}, ${reference}`;
}

/** Code and reference of a failure, to give to support. */
export function CopyReference({ code, reference }: { code: string; reference: string }) {
  const text = withCode(code, reference);
  const [copied, setCopied] = useState(false);
  return (
    <p className={`${styles.reference} id`}>
      {text}
      <IconButton
        small
        icon="copy"
        label={copied ? "Copied" : "Copy reference"}
        onPress={() => {
          void navigator.clipboard.writeText(text).then(() => setCopied(true));
        }}
      />
    </p>
  );
}
