//! Unpaid deals: one is resynced, and everything is done by the keyboard alone.

use serde_json::json;
use tieout_desktop_tests::window::{ARROW_DOWN, CONTROL, ENTER, ESCAPE, SHIFT, TAB};

use crate::played::{played, window_at};

#[test]
fn one_deal_is_resynced_and_says_what_it_found() {
    let stage = played();
    let window = window_at(&stage, "Deals");
    window.click("//*[@role='row'][contains(., 'Dock sensors')]//*[@role='rowheader']");
    window.chord(&[ENTER]);
    window.press_with("Resync this deal");
    window.sees("Nothing changed");
}

#[test]
fn the_keyboard_alone_reaches_a_deal_and_comes_back() {
    let stage = played();
    let window = window_at(&stage, "Overview");
    window.types("gd");
    window.find("//h1[normalize-space(.)='Deals']");
    window.find("//*[@role='rowheader']");
    // Tab order goes through the screen; the grid is one stop.
    let in_grid = "return document.activeElement?.closest('[role=grid]') !== null \
                   && document.activeElement.closest('[role=grid]') !== undefined";
    let mut steps = 0;
    while window.ask(in_grid, &[]) != json!(true) {
        window.chord(&[TAB]);
        steps += 1;
        assert!(steps < TABS_MAX, "the grid is not reached in {TABS_MAX} steps");
    }
    let line = "return document.activeElement.closest('[role=row]')?.getAttribute('aria-rowindex')";
    let first = window.ask(line, &[]);
    window.chord(&[ARROW_DOWN]);
    let second = window.ask(line, &[]);
    assert_ne!(first, second, "the arrow moves by a row");
    window.chord(&[ARROW_DOWN]);
    window.chord(&[ENTER]);
    window.find("//button[contains(normalize-space(.), 'Resync this deal')]");
    window.chord(&[ESCAPE]);
    window.wait_until(in_grid);
    window.chord(&[CONTROL, 'k']);
    window.find("//*[@role='dialog']//input");
    window.chord(&[ESCAPE]);
    window.chord(&[SHIFT, TAB]);
    window.wait_until("return document.activeElement !== document.body");
}

/// A person would give up before.
const TABS_MAX: usize = 60;
