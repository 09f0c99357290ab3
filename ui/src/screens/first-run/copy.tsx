import { useToast } from "../../components/toast/toast";

/** Copies a text and says so. */
export function useCopy(): (name: string, text: string) => void {
  const say = useToast();
  return (name, text) => {
    void navigator.clipboard
      .writeText(text)
      .then(() => say({ said: `Copied: ${name}`, undo: false }))
      .catch(() => say({ said: `The clipboard is closed. Copy by hand: ${text}`, undo: false }));
  };
}
