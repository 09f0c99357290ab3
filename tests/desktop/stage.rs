//! A computer of its own for each test: a display, a session bus with an unlocked Secret Service,
//! folders, and the driver of the web view.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// Big enough for the default window and what a desktop would draw around it.
const SCREEN: &str = "1600x1000x24";
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How often the driver is asked until it listens.
const DRIVER_ASKED_MAX: u32 = 200;
/// What the window said, in the folder of the test; shown when the test fails.
const LOG: &str = "window.log";
/// Starts a keyring whose collection is open, says where the bus is, and stays until its input
/// ends.
const SESSION: &str = "printf 'tests' | gnome-keyring-daemon --unlock --components=secrets \
                       >/dev/null && echo \"$DBUS_SESSION_BUS_ADDRESS\" && exec cat >/dev/null";

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // A session ends in order when its input ends. It may have ended already; there is nothing
        // else to do about it.
        if self.0.stdin.take().is_none() {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

pub struct Stage {
    // Dropped in this order: the driver before its display and its bus.
    driver: Running,
    _bus: Running,
    _display: Running,
    environment: Vec<(&'static str, String)>,
    program: PathBuf,
    port: u16,
    folder: TempDir,
}

impl Stage {
    /// A stage for this window, with these variables more in its environment.
    pub fn new(program: impl Into<PathBuf>, more: &[(&'static str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        for name in ["home", "saved", "runtime"] {
            std::fs::create_dir(path(name)).expect("the folder is ours");
        }
        let (display, number) = display();
        let (bus, address) = bus(Path::new(&path("keyring")));
        let mut environment = vec![
            ("DISPLAY", format!(":{number}")),
            ("DBUS_SESSION_BUS_ADDRESS", address),
            ("HOME", path("home")),
            ("XDG_RUNTIME_DIR", path("runtime")),
            ("XDG_DATA_HOME", path("home/data")),
            ("XDG_CONFIG_HOME", path("home/config")),
            ("XDG_CACHE_HOME", path("home/cache")),
            ("GDK_BACKEND", "x11".into()),
            ("NO_AT_BRIDGE", "1".into()),
            ("LIBGL_ALWAYS_SOFTWARE", "1".into()),
            ("TAURI_AUTOMATION", "true".into()),
            ("TAURI_WEBVIEW_AUTOMATION", "true".into()),
            ("TIEOUT_HOME", path("home/tieout")),
            ("TIEOUT_TEST_SAVE_FOLDER", path("saved")),
            ("TIEOUT_TEST_OPEN_FILE", path("to verify")),
            ("TIEOUT_TEST_ADDRESS_FILE", path("address")),
            ("USER", "Priya Raman".into()),
        ];
        environment.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let port = free_port();
        let driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(path(LOG)).expect("the folder is ours"))
            .spawn()
            .expect("`webkit2gtk-driver` is installed (cargo xtask setup)");
        let (driver, _bus, _display) = (Running(driver), bus, display);
        wait_for_listener(port);
        Self { driver, _bus, _display, environment, program: program.into(), port, folder }
    }

    /// A path in the folder of this test.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The window that plays here.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Where the driver listens.
    pub fn driver(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A program on this stage, with nothing of the computer around it but the search path.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.folder.path());
        command
    }

    /// The process of the window, a child of the driver.
    pub fn window_process(&self) -> u32 {
        let children = format!("/proc/{0}/task/{0}/children", self.driver.0.id());
        let listed = std::fs::read_to_string(children).expect("the driver runs");
        let first = listed.split_whitespace().next().expect("the driver has started the window");
        first.parse().expect("a process id")
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let said = std::fs::read_to_string(self.path(LOG)).unwrap_or_default();
            eprintln!("--- the window said\n{said}");
        }
    }
}

/// A display whose number the server itself has found.
fn display() -> (Running, String) {
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("`xvfb` is installed (cargo xtask setup)");
    let number = first_line(server.stdout.take().expect("its output is ours"));
    (Running(server), number)
}

fn bus(keyring: &Path) -> (Running, String) {
    let mut session = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", SESSION])
        .env("XDG_DATA_HOME", keyring)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("`dbus` is installed (cargo xtask setup)");
    let address = first_line(session.stdout.take().expect("its output is ours"));
    assert!(!address.is_empty(), "`gnome-keyring` is installed (cargo xtask setup)");
    (Running(session), address)
}

fn first_line(output: impl Read) -> String {
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).expect("it says where it is");
    line.trim().to_owned()
}

fn wait_for_listener(port: u16) {
    for _ in 0..DRIVER_ASKED_MAX {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return;
        }
        std::thread::sleep(LOOK_EVERY);
    }
    panic!("the driver does not listen at {port}");
}

/// A port that was free a moment ago; the driver takes none by itself.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it has an address").port()
}
