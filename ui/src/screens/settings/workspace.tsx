import type { Fact } from "../../api/types";
import { useState } from "react";

import { TextField } from "../../components/controls/text_field";
import { Facts } from "../../components/phrase";
import { Row, useChange } from "./row";

/** Which company this is, and under whose name decisions are kept. */
export function Workspace({ facts }: { facts: Fact[] }) {
  const { chosen, change, said } = useChange();
  const [typed, setTyped] = useState<string | null>(null);
  const keep = (person: string) => {
    if (person.trim() !== chosen.person) change({ person: person.trim() });
    setTyped(null);
  };
  return (
    <>
      <Facts of={facts} />
      <Row name="Your name" note="Stands beside every decision. Empty: the name of your account.">
        <TextField
          label="Your name"
          value={typed ?? chosen.person}
          onChange={setTyped}
          onCommit={keep}
          width={220}
        />
        {said}
      </Row>
    </>
  );
}
