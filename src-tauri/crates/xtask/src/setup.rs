//! What a fresh Debian machine with Rust and Node still needs.

use std::process::Command;

use crate::run::{Failure, exists, root, step_with};

/// A system package and the file that shows it is there.
struct Package {
    name: &'static str,
    shows: &'static str,
}

const PACKAGES: [Package; 6] = [
    Package { name: "gcc", shows: "/usr/bin/gcc" },
    Package { name: "make", shows: "/usr/bin/make" },
    Package { name: "perl", shows: "/usr/bin/perl" },
    Package { name: "pkg-config", shows: "/usr/bin/pkg-config" },
    Package { name: "dbus", shows: "/usr/bin/dbus-run-session" },
    Package { name: "gnome-keyring", shows: "/usr/bin/gnome-keyring-daemon" },
];

/// Installs whatever is missing, or says the exact command and stops.
pub fn all() -> Result<(), Failure> {
    system_packages()?;
    npm_packages()
}

fn system_packages() -> Result<(), Failure> {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|package| !std::path::Path::new(package.shows).exists())
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

fn npm_packages() -> Result<(), Failure> {
    let ui = root().join("ui");
    if !ui.join("package.json").exists() || ui.join("node_modules").exists() {
        return Ok(());
    }
    step_with("npm packages", "npm", &["--prefix", "ui", "ci"], &[])
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
