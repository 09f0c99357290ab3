//! What a person waits for in a grid of a hundred thousand rows, taken inside the page.

use serde_json::{Value, json};
use tieout_desktop_tests::window::Window;

/// Rounds of each measure; the median is told.
const ROUNDS: usize = 7;
/// Frames of a scroll.
const FRAMES: u32 = 150;

/// Asks the page to do something and to say how many milliseconds passed until the frame after the
/// one in which the wanted rows stood there.
const TIMED: &str = "
  const [done] = arguments;
  const grid = () => document.querySelector('[role=grid], [role=treegrid]');
  const first = () => grid()?.querySelector('[role=row][data-line]:not([data-line=\"-1\"])');
  const before = first()?.textContent ?? '';
  const rows = () => Number(grid()?.getAttribute('aria-rowcount') ?? 0);
  const shown = () => [...(grid()?.querySelectorAll('[role=row][data-line]') ?? [])]
    .filter((row) => row.querySelector('.vh')?.textContent !== 'loading').length;
  const isThere = (rows, shown, text) => (WANTED);
  const start = performance.now();
  ACT;
  const look = () => {
    if (isThere(rows(), shown(), first()?.textContent ?? '')) {
      requestAnimationFrame(() => done(performance.now() - start));
    } else if (performance.now() - start > 60000) {
      done(null);
    } else {
      requestAnimationFrame(look);
    }
  };
  look();";

/// Scrolls by so many pixels a frame and counts the frames in which a row of the window is not
/// drawn yet.
const SCROLLED: &str = "
  const [step, frames, done] = arguments;
  const grid = document.querySelector('[role=grid], [role=treegrid]');
  let scroller = grid;
  while (scroller !== null && scroller.scrollHeight <= scroller.clientHeight + 1) {
    scroller = scroller.parentElement;
  }
  let blank = 0; let slowest = 0; let at = 0; let last = performance.now();
  scroller.scrollTop = 0;
  const next = () => {
    const now = performance.now();
    slowest = Math.max(slowest, now - last); last = now;
    const box = scroller.getBoundingClientRect();
    const hole = [0.2, 0.5, 0.8].some((share) => {
      const x = box.left + 120;
      const hit = document.elementFromPoint(x, box.top + box.height * share);
      const row = hit?.closest('[role=row]');
      return !row || row.querySelector('.vh')?.textContent === 'loading';
    });
    if (hole) blank += 1;
    at += 1;
    if (at === frames) done({ blank, frames, slowest_frame_ms: slowest, reached: scroller.scrollTop });
    else { scroller.scrollTop += step; requestAnimationFrame(next); }
  };
  requestAnimationFrame(next);";

fn timed(window: &Window, act: &str, wanted: &str) -> u64 {
    // Written into the script: the page may not turn text into code.
    let script = TIMED.replace("ACT", act).replace("WANTED", wanted);
    let took = window.ask_later(&script, &[]);
    let Some(ms) = took.as_f64() else { panic!("`{act}` never came to `{wanted}`") };
    // Whole milliseconds are what the figures are told in.
    ms.round() as u64
}

fn summary(mut all: Vec<u64>) -> Value {
    all.sort_unstable();
    json!({ "unit": "ms", "median": all[all.len() / 2], "slowest": all[all.len() - 1], "all": all })
}

fn tab(name: &str) -> String {
    format!(
        "[...document.querySelectorAll('[role=tab]')] \
           .find((tab) => tab.textContent.startsWith('{name}')).click()"
    )
}

fn header(name: &str) -> String {
    format!(
        "[...document.querySelectorAll('[role=columnheader]')] \
           .find((head) => head.textContent.trim().startsWith('{name}')).click()"
    )
}

const MANY: &str = "rows > 100000 && shown > 15";
const FEW: &str = "rows > 0 && rows < 100000 && shown > 5";

/// Opens the list of open invoices for the first time, which fills its grid.
pub fn open(window: &Window) -> u64 {
    timed(window, &tab("By invoice"), MANY)
}

/// Times the list of open invoices of the window.
pub fn of(window: &Window, filled: u64) -> Value {
    let mut painted = Vec::new();
    for _ in 0..ROUNDS {
        timed(window, &tab("By account"), FEW);
        painted.push(timed(window, &tab("By invoice"), MANY));
    }
    let other = "rows > 100000 && shown > 15 && text !== before";
    let mut sorted = Vec::new();
    for column in ["Total", "Account", "Due"].iter().cycle().take(ROUNDS) {
        sorted.push(timed(window, &header(column), other));
    }
    let scrolled = |step: u32| window.ask_later(SCROLLED, &[json!(step), json!(FRAMES)]);
    let (wheel, thrown) = (scrolled(120), scrolled(1_200));
    json!({
        "rows": crate::crowd::INVOICES,
        "first_filled": { "unit": "ms", "once": filled },
        "painted": summary(painted),
        "sorted": summary(sorted),
        "filtered": summary(filtered(window)),
        "scroll_120_px_a_frame": wheel,
        "scroll_1200_px_a_frame": thrown,
    })
}

/// Types a text that few rows have into the field of the list, and takes it out again.
fn filtered(window: &Window) -> Vec<u64> {
    let write = |text: &str| {
        format!(
            "const field = document.querySelector('input[aria-label=\"Find in this list\"]'); \
             const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set; \
             set.call(field, '{text}'); \
             field.dispatchEvent(new Event('input', {{ bubbles: true }}));"
        )
    };
    window.click("(//*[@role='gridcell'])[1]");
    window.chord(&['/']);
    window.find("//input[@aria-label='Find in this list']");
    let mut took = Vec::new();
    for at in 0..ROUNDS {
        let text = format!("Customer 0{at}1");
        took.push(timed(window, &write(&text), FEW));
        timed(window, &write(""), MANY);
    }
    took
}
