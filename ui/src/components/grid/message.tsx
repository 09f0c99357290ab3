import type { ReactNode } from "react";

import { Button } from "../controls/button";
import { AfterAWhile } from "../states/skeleton";
import { Failed, NothingMatches, Notice } from "../states/states";
import { filterLabel } from "./bar";
import type { Column } from "./columns";
import styles from "./grid.module.css";
import type { Pages } from "./pages";
import { counted, type Noun } from "./selection";
import { withoutFilter, type GridView } from "./view";

type MessageProps<R> = {
  loading: boolean;
  pages: Pages<R>;
  view: GridView;
  onView: (view: GridView) => void;
  all: readonly Column<R>[];
  columns: readonly Column<R>[];
  noun: Noun;
  nothing: ReactNode;
  template: string;
};

const SKELETON_LINES = 12;
const WIDTHS = ["62%", "46%", "70%", "54%", "58%"];
const BY_TEXT = "text";

/** Bars in the real columns, so that nothing moves when the rows come. */
function Skeletons<R>({ columns, template }: Pick<MessageProps<R>, "columns" | "template">) {
  return (
    <div className={styles.skeletons} aria-hidden="true">
      {Array.from({ length: SKELETON_LINES }, (_, line) => (
        <div className={styles.row} style={{ gridTemplateColumns: template }} key={line}>
          {columns.map(({ id }, at) => (
            <div className={styles.cell} key={id}>
              <span
                className={styles.skeleton}
                style={{ width: WIDTHS[(line + at) % WIDTHS.length] }}
              />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

/** Rows that were read before stay, with a notice that they could not be read again. */
export function Outdated<R>({ pages }: { pages: Pages<R> }) {
  const { failure, head } = pages;
  if (failure === null || head === null) return null;
  return (
    <Notice tone="bad" glyph="square_bar" action={<Button onPress={pages.retry}>Try again</Button>}>
      <b className="medium">{failure.title}.</b> {failure.detail} These rows were read before.{" "}
      <span className="id">{failure.code}</span>
    </Notice>
  );
}

/** What stands under the header when there are no rows: loading, failed, nothing. */
export function GridMessage<R>(props: MessageProps<R>) {
  const { loading, pages, view, onView, all, columns, noun, nothing, template } = props;
  if (loading) {
    return (
      <AfterAWhile>
        <Skeletons columns={columns} template={template} />
      </AfterAWhile>
    );
  }
  if (pages.head === null) {
    return pages.failure === null ? null : (
      <div className={styles.message}>
        <Failed failure={pages.failure} onRetry={pages.retry} />
      </div>
    );
  }
  if (pages.head.total > 0) return null;
  const filters = view.filters.map((filter, at) => ({
    id: String(at),
    label: filterLabel(all, filter),
  }));
  if (view.text !== "") filters.push({ id: BY_TEXT, label: `“${view.text}”` });
  if (filters.length === 0) return <div className={styles.message}>{nothing}</div>;
  const { unfiltered } = pages.head;
  const many = filters.length === 1 ? "the filter" : `${filters.length} filters`;
  return (
    <div className={styles.message}>
      <NothingMatches
        title={`No ${noun.one} matches ${many}`}
        hidden={`${counted(unfiltered, noun)} ${unfiltered === 1 ? "is" : "are"} hidden by:`}
        filters={filters}
        onRemove={(id) =>
          onView(id === BY_TEXT ? { ...view, text: "" } : withoutFilter(view, Number(id)))
        }
        onClear={() => onView({ ...view, filters: [], text: "" })}
      />
    </div>
  );
}
