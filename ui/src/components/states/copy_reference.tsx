import { useState } from "react";

import { IconButton } from "../controls/button";
import styles from "./states.module.css";

/** Code and reference of a failure, to give to support. */
export function CopyReference({ code, reference }: { code: string; reference: string }) {
  const text = reference === "" ? code : `${code}, ${reference}`;
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
