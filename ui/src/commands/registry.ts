import type { IconName } from "../components/icon/icon";
import type { Chord } from "../components/keys/chord";

/** Where a command is listed: menu bar, palette and help sheet use the same groups. */
export type CommandGroup = "File" | "Edit" | "View" | "Go" | "Record" | "Window" | "Help";

export type Command = {
  /** Also the id of the native menu item: "go.deals", "deal.resync". */
  id: string;
  title: string;
  group: CommandGroup;
  icon?: IconName;
  note?: string;
  /** "Mod+K", "G D", "R". */
  keys?: readonly Chord[];
  /** Why it cannot run now; it stays listed with the reason. */
  closed?: string | null;
  /** More words the palette finds it by. */
  words?: string;
  /** Works, but neither palette nor help sheet lists it. */
  unlisted?: boolean;
  /** Acts inside dialogs and menus as well. */
  anywhere?: boolean;
  run: () => void;
};

/** Every command of the window that can act now. A later registration of an id wins. */
export class Registry {
  private readonly stacks = new Map<string, Command[]>();
  private readonly listeners = new Set<() => void>();
  private list: readonly Command[] = [];

  add(commands: readonly Command[]): () => void {
    commands.forEach((command) => {
      this.stacks.set(command.id, [...(this.stacks.get(command.id) ?? []), command]);
    });
    this.changed();
    return () => {
      commands.forEach((command) => {
        const rest = (this.stacks.get(command.id) ?? []).filter((one) => one !== command);
        if (rest.length === 0) {
          this.stacks.delete(command.id);
        } else {
          this.stacks.set(command.id, rest);
        }
      });
      this.changed();
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly all = (): readonly Command[] => this.list;

  find(id: string): Command | undefined {
    return this.stacks.get(id)?.at(-1);
  }

  /** Runs it if it is there and open, and says whether it did. */
  run(id: string): boolean {
    const command = this.find(id);
    if (command === undefined || (command.closed ?? null) !== null) {
      return false;
    }
    command.run();
    return true;
  }

  private changed(): void {
    this.list = [...this.stacks.values()].flatMap((stack) => stack.at(-1) ?? []);
    this.listeners.forEach((listener) => listener());
  }
}
