import type { Preferences } from "../../api/types";
import { Switch } from "../../components/controls/choice";
import { Row, useChange } from "./row";

type Cause = keyof Preferences["notify"];

const CAUSES: readonly { id: Cause; name: string; note: string }[] = [
  { id: "unknown", name: "Unknown outcome", note: "An outcome is unknown for 15 minutes." },
  { id: "sign_in", name: "Sign-in needed", note: "A system asks for a new sign-in." },
  {
    id: "limit",
    name: "Mismatch above the limit",
    note: "A run on schedule ends with differences above the limit that have no reason.",
  },
  { id: "failed", name: "Failed run", note: "A run on schedule failed or was incomplete." },
  { id: "finished", name: "Finished run", note: "The first complete run on schedule of each day." },
];

/** One notification per cause and day, without amounts while they are hidden. */
export function Notifications() {
  const { chosen, change, said } = useChange();
  return (
    <>
      {CAUSES.map((cause) => (
        <Row key={cause.id} name={cause.name} note={cause.note}>
          <Switch
            label={cause.name}
            on={chosen.notify[cause.id]}
            onChange={(on) => change({ notify: { ...chosen.notify, [cause.id]: on } })}
          />
        </Row>
      ))}
      {said}
    </>
  );
}
