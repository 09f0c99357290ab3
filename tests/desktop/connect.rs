//! Both systems are connected through the browser, as a person would, against the loopback sandbox.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tieout_desktop_tests::stage::Stage;
use tieout_desktop_tests::window::Window;
use tieout_tests::consent;

use crate::{LINE, stage};

/// `tieout sandbox serve`: both systems on loopback, with their consent pages.
struct Sandbox {
    program: Child,
    places: Value,
}

impl Sandbox {
    fn serve() -> Self {
        let serving = Command::new(LINE).args(["sandbox", "serve"]).stdout(Stdio::piped()).spawn();
        let mut program = serving.expect("the program starts");
        let mut line = String::new();
        let output = program.stdout.take().expect("its output is ours");
        BufReader::new(output).read_line(&mut line).expect("it says where it serves");
        let places = serde_json::from_str(&line).expect("one line of JSON");
        Self { program, places }
    }

    fn place(&self, brand: &str, name: &str) -> &str {
        self.places[brand][name].as_str().unwrap_or_else(|| panic!("no {brand}.{name}"))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended already; there is nothing else to do about it.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// One sign-in at a time on this computer: the redirect ports are few and registered.
fn alone() -> File {
    let lock = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sign-in.lock");
    let alone = File::create(lock).expect("the target folder is ours");
    alone.lock().expect("the others finish");
    alone
}

/// Chooses to sign in somewhere else than at the vendor.
fn elsewhere(window: &Window, choice: &str, address: &str) {
    window.click(&format!(
        "//label[normalize-space(.)='{choice}']/following::button[1] | \
         //*[normalize-space(text())='{choice}']/following::button[1]"
    ));
    window.click("//*[@role='option'][contains(normalize-space(.), 'Another address')]");
    window.fill("Address", address);
}

/// The page that the window has opened in the browser, where the person allows it.
fn allow(stage: &Stage, window: &Window) {
    let opened = stage.path("address");
    let address = || std::fs::read_to_string(&opened).unwrap_or_default();
    window.until(|| !address().is_empty(), "the browser");
    let page = consent::press(&address(), "Allow");
    assert!(page.body.contains("You can close this window"), "{}", page.body);
    std::fs::remove_file(&opened).expect("the stage is ours");
}

#[test]
fn both_systems_are_connected_through_the_browser_and_only_read() {
    let (_alone, sandbox, stage) = (alone(), Sandbox::serve(), stage());
    let window = Window::open(&stage);
    window.press("Connect");
    window.fill("Consumer key", sandbox.place("salesforce", "client_id"));
    elsewhere(&window, "Sign in at", sandbox.place("salesforce", "base_url"));
    window.press("Sign in to Salesforce");
    allow(&stage, &window);
    window.sees("Connected to Salesforce");
    window.is_quiet();
    window.press("Connect your books");
    window.fill("Client ID", sandbox.place("quickbooks", "client_id"));
    window.fill("Client secret", sandbox.place("quickbooks", "client_secret"));
    elsewhere(&window, "Keys of", sandbox.place("quickbooks", "base_url"));
    window.press("Sign in to QuickBooks Online");
    allow(&stage, &window);
    window.sees("Connected to QuickBooks Online");
    window.is_quiet();
    window.press("Go to the overview");
    window.find("//h1[normalize-space(.)='Overview']");
    window.close();

    let mut command = stage.command(LINE);
    command.args(["connections", "--json", "--workspace"]).arg(stage.path("home/tieout"));
    let output = command.output().expect("the program starts");
    let view: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let connections = view["connections"].as_array().expect("a list");
    let shown: Vec<_> =
        connections.iter().map(|it| (&it["brand"], &it["signed_in"], &it["writing"])).collect();
    let (yes, no) = (json!(true), json!(false));
    let (crm, books) = (json!("salesforce"), json!("quickbooks"));
    assert_eq!(shown, [(&crm, &yes, &no), (&books, &yes, &no)]);
}
