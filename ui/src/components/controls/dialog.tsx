import { useId, type ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";

import styles from "./dialog.module.css";

export type DialogProps = {
  open: boolean;
  onClose: () => void;
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
  /** Left of the buttons: a key, a note. */
  foot?: ReactNode;
  /** The safe button first; it takes the focus where nothing else asks for it. */
  actions: ReactNode;
  /** Asks before something leaves the computer: read out at once. */
  alert?: boolean;
  width?: number;
  /** Mod+Enter. */
  onConfirm?: () => void;
};

export function Dialog(props: DialogProps) {
  const lead = useId();
  return (
    <ModalOverlay
      data-modal
      className={styles.scrim}
      isOpen={props.open}
      isDismissable={props.alert !== true}
      onOpenChange={(open) => {
        if (!open) {
          props.onClose();
        }
      }}
    >
      <Modal className={styles.place} style={{ width: props.width ?? 520 }}>
        <AriaDialog
          className={styles.dialog}
          role={props.alert === true ? "alertdialog" : "dialog"}
          aria-describedby={lead}
        >
          <div
            // Before the button that has the focus takes Enter for itself.
            onKeyDownCapture={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                event.stopPropagation();
                props.onConfirm?.();
              }
            }}
          >
            <Heading slot="title" level={2}>
              {props.title}
            </Heading>
            {props.lead === undefined ? null : (
              <p id={lead} className="soft">
                {props.lead}
              </p>
            )}
            {props.children === undefined ? null : (
              <div className={styles.body}>{props.children}</div>
            )}
            <div className={styles.actions}>
              <span className={styles.foot}>{props.foot}</span>
              {props.actions}
            </div>
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
