import type { Preferences, ScheduleView } from "../../api/types";
import { Select, type Option } from "../../components/controls/choice";
import { Status } from "../../components/phrase";
import { FlagRow, Row, useChange } from "./row";
import styles from "./settings.module.css";

const EVERY: readonly Option<Preferences["schedule"]>[] = [
  { value: "off", label: "Only when you ask" },
  { value: "every15", label: "Every 15 minutes" },
  { value: "every30", label: "Every 30 minutes" },
  { value: "every60", label: "Every hour" },
  { value: "every240", label: "Every 4 hours" },
];

export function Runs({ view }: { view: ScheduleView }) {
  const { chosen, change, said } = useChange();
  const caught = view.catch_up ? " A run that a sleeping computer missed is made up for." : "";
  return (
    <>
      <Row name="Run while the app is open" note={`Reads both sides.${caught}`}>
        <span className={styles.state}>
          <Status of={view.status} />
          <span className="small soft fig">{view.next}</span>
        </span>
        <Select
          label="Run while the app is open"
          options={EVERY}
          value={chosen.schedule}
          onChange={(schedule) => change({ schedule })}
        />
        {said}
      </Row>
      <FlagRow
        name="Start with this computer"
        note="The app opens when you sign in to this computer."
        flag="autostart"
      />
      <FlagRow
        name="Keep running in the tray"
        note="Closing the window leaves the schedule running."
        flag="keep_in_tray"
      />
    </>
  );
}
