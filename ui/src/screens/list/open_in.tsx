import type { FailureView, OpenIn } from "../../api/types";
import { command } from "../../commands/catalog";
import { useCommands } from "../../commands/context";
import { Button } from "../../components/controls/button";
import { useFailureToast } from "../../components/toast/toast";
import { usePlatform } from "../../platform/context";

const CRM = "Salesforce";
const NO_ADDRESS = "This system gives no address for the record.";

/** Opens a record in the system that owns it. The program opens the browser, never the page. */
export function useOpenIn(): (link: OpenIn | undefined) => void {
  const platform = usePlatform();
  const sayFailure = useFailureToast();
  return (link) => {
    if (link === undefined || link.link === null) return;
    platform
      .call("open_link", { link: link.link })
      .catch((failure: FailureView) => sayFailure(failure));
  };
}

export const crmOf = (links: OpenIn[]) => links.find(({ system }) => system === CRM);
export const booksOf = (links: OpenIn[]) => links.find(({ system }) => system !== CRM);

/** One button per system, and the keys O and B for the record in view. */
export function OpenButtons({ links }: { links: OpenIn[] }) {
  const open = useOpenIn();
  const commands = [
    { id: "record.open_salesforce" as const, link: crmOf(links) },
    { id: "record.open_books" as const, link: booksOf(links) },
  ];
  useCommands(
    commands.flatMap(({ id, link }) =>
      link === undefined
        ? []
        : [command(id, () => open(link), { closed: link.link === null ? NO_ADDRESS : null })],
    ),
  );
  return links.map((link) => (
    <Button
      key={link.system}
      icon="out"
      closed={link.link === null ? NO_ADDRESS : null}
      onPress={() => open(link)}
    >
      {link.system}
    </Button>
  ));
}
