//! What stands around the page: the window itself and what its web view may reach.

use serde_json::json;
use tieout_desktop_tests::window::Window;

use crate::played::{played, window_at};
use crate::{WINDOW, stage};

#[test]
fn the_page_can_call_our_commands_and_nothing_else() {
    let stage = stage();
    let window = Window::open(&stage);
    for command in [
        "plugin:dialog|save",
        "plugin:opener|open_url",
        "plugin:notification|notify",
        "plugin:autostart|enable",
        "plugin:window-state|save_window_state",
        "plugin:window|close",
        "plugin:webview|create_webview_window",
        "plugin:event|emit",
        "no_such_command",
    ] {
        let refused = window.call(command, &json!({})).expect_err(command);
        let said = refused.to_string();
        assert!(said.contains("not allowed") || said.contains("not found"), "{command}: {said}");
    }
    let heard = window.ask_later(
        "const done = arguments[0]; const internals = window.__TAURI_INTERNALS__; \
         internals.invoke('plugin:event|listen', { event: 'tieout', target: { kind: 'Any' }, \
           handler: internals.transformCallback(() => {}) }).then(() => done(true), done);",
        &[],
    );
    assert_eq!(heard, json!(true));
}

#[test]
fn a_window_that_was_closed_a_moment_ago_opens_again_and_writes() {
    let stage = played();
    for _ in 0..5 {
        let window = Window::open(&stage);
        window.find("//h1[normalize-space(.)='Overview']");
        window.close();
    }
    let window = Window::open(&stage);
    window.find("//h1[normalize-space(.)='Overview']");
    window.call("run_now", &json!({ "params": {} })).expect("it has the right to write");
}

#[test]
fn the_page_reaches_no_other_origin() {
    let stage = stage();
    let window = Window::open(&stage);
    let origin = window.ask("return location.origin", &[]);
    assert_eq!(origin, "tauri://localhost");
    for reach in [
        "fetch('https://example.com/')",
        "fetch('http://127.0.0.1:9/')",
        "new Promise((done, fail) => { const script = document.createElement('script'); \
         script.src = 'https://example.com/x.js'; script.onload = done; script.onerror = fail; \
         document.head.append(script); })",
        "new Promise((done) => done(new Function('return 1')()))",
    ] {
        let script = format!(
            "const done = arguments[0]; const broken = []; \
             document.addEventListener('securitypolicyviolation', \
               (event) => broken.push(event.effectiveDirective)); \
             const settle = () => setTimeout(() => done(broken), 50); \
             try {{ {reach}.then(settle, settle); }} catch (refused) {{ settle(); }}"
        );
        let broken = window.ask_later(&script, &[]);
        assert!(broken.as_array().is_some_and(|it| !it.is_empty()), "{reach} went through");
    }
    window.ask("location.href = 'https://example.com/'", &[]);
    assert_eq!(window.ask("return location.origin", &[]), "tauri://localhost");
}

#[test]
fn a_second_start_hands_over_to_the_first() {
    let stage = stage();
    let window = Window::open(&stage);
    let second = stage.command(WINDOW).output().expect("the program starts");
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    assert!(!window.text().is_empty(), "the first window stays");
}

#[test]
fn a_key_of_the_menu_bar_reaches_the_page() {
    let stage = played();
    let window = window_at(&stage, "Overview");
    let key = |chord: &str| {
        let pressed = stage.command("xdotool").args(["key", chord]).status();
        assert!(pressed.is_ok_and(|status| status.success()), "`xdotool` is installed");
    };
    let found = stage.command("xdotool").args(["search", "--name", " - Tieout"]).output();
    let found = String::from_utf8(found.expect("`xdotool` is installed").stdout).expect("ids");
    let id = found.lines().next().expect("the window has its title");
    let focused = stage.command("xdotool").args(["windowfocus", "--sync", id]).status();
    assert!(focused.is_ok_and(|status| status.success()));

    key("ctrl+k");
    window.find("//*[@role='dialog']//input");
    key("Escape");
    let width = window.ask("return innerWidth", &[]);
    key("ctrl+equal");
    window.wait_until(&format!("return innerWidth < {width}"));
    key("ctrl+0");
    window.wait_until(&format!("return innerWidth === {width}"));
}
