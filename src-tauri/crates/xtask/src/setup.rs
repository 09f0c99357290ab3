//! What a fresh Debian machine with Rust and Node still needs.

use std::path::Path;
use std::process::Command;

use crate::run::{Failure, exists, root, step, step_with};

/// A system package and the file that shows it is there.
struct Package {
    name: &'static str,
    shows: &'static str,
}

/// What the command line and its tests need.
const LINE: [Package; 6] = [
    Package { name: "gcc", shows: "/usr/bin/gcc" },
    Package { name: "make", shows: "/usr/bin/make" },
    Package { name: "perl", shows: "/usr/bin/perl" },
    Package { name: "pkg-config", shows: "/usr/bin/pkg-config" },
    Package { name: "dbus", shows: "/usr/bin/dbus-run-session" },
    Package { name: "gnome-keyring", shows: "/usr/bin/gnome-keyring-daemon" },
];

/// What the window needs, and what drives it in tests on a machine without a display.
const WINDOW: [Package; 6] = [
    Package {
        name: "libwebkit2gtk-4.1-dev",
        shows: "/usr/include/webkitgtk-4.1/webkit2/webkit2.h",
    },
    Package {
        name: "libayatana-appindicator3-dev",
        shows: "/usr/include/libayatana-appindicator3-0.1/libayatana-appindicator/app-indicator.h",
    },
    Package { name: "libdbus-1-dev", shows: "/usr/include/dbus-1.0/dbus/dbus.h" },
    Package { name: "webkit2gtk-driver", shows: "/usr/bin/WebKitWebDriver" },
    Package { name: "xvfb", shows: "/usr/bin/Xvfb" },
    Package { name: "xdotool", shows: "/usr/bin/xdotool" },
];

/// Installs whatever is missing, or says the exact command and stops.
pub fn all() -> Result<(), Failure> {
    system_packages(LINE.iter().chain(&WINDOW))?;
    page()
}

/// The same for the command line alone.
pub fn line() -> Result<(), Failure> {
    system_packages(LINE.iter())
}

fn system_packages(wanted: impl Iterator<Item = &'static Package>) -> Result<(), Failure> {
    let missing: Vec<&str> = wanted
        .filter(|package| !Path::new(package.shows).exists())
        .map(|package| package.name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let command = format!("apt-get update && apt-get install -y {}", missing.join(" "));
    let as_root = is_root();
    let with_sudo = !as_root && exists("sudo", &["-n", "true"]);
    if !exists("apt-get", &["--version"]) || !(as_root || with_sudo) {
        return Err(Failure(format!(
            "system packages are missing and cannot be installed from here\n\
             hint: run this once, then start again: sudo sh -c '{command}'"
        )));
    }
    let quiet = [("DEBIAN_FRONTEND", "noninteractive")];
    if as_root {
        step_with("system packages", "sh", &["-c", &command], &quiet)
    } else {
        step_with("system packages", "sudo", &["-n", "sh", "-c", &command], &quiet)
    }
}

/// The page of the window, which the shell carries inside it.
fn page() -> Result<(), Failure> {
    let ui = root().join("ui");
    if is_older(&ui.join("node_modules/.package-lock.json"), &ui.join("package-lock.json")) {
        step("npm packages", "npm", &["--prefix", "ui", "ci", "--no-fund", "--no-audit"])?;
    }
    step("page", "npm", &["--prefix", "ui", "run", "build"])
}

/// Whether the first file is missing or older than the second.
fn is_older(first: &Path, second: &Path) -> bool {
    let changed = |path: &Path| path.metadata().and_then(|it| it.modified());
    match (changed(first), changed(second)) {
        (Ok(first), Ok(second)) => first < second,
        _ => true,
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
