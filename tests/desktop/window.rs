//! The window as a person has it before them: what they find by role and name, press and type.

use std::process::Command;
use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::stage::Stage;

/// Nobody here waits longer for something to appear.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// What moves without end is pressed all the same.
const STILL_LOOKS_MAX: usize = 100;
/// What makes an element a control of this name: its label, or its text.
const NAMED: &str = "(@aria-label='NAME' or normalize-space(.)='NAME')";

/// Keys that are no characters, as WebDriver names them.
pub const TAB: char = '\u{e004}';
pub const ENTER: char = '\u{e007}';
pub const SHIFT: char = '\u{e008}';
pub const CONTROL: char = '\u{e009}';
pub const ESCAPE: char = '\u{e00c}';
pub const ARROW_DOWN: char = '\u{e015}';
/// Nothing is being asked, and what can be read has stayed the same for a moment.
const QUIET: &str = "const text = document.body.innerText; const now = performance.now(); \
    const busy = document.querySelector('[aria-busy=true]') !== null; \
    if (busy || document.fonts.status !== 'loaded' || window.textBefore !== text) { \
      window.textBefore = text; window.quietSince = now; \
    } \
    return now - window.quietSince > 500";

pub struct Window {
    client: Client,
    runtime: Runtime,
}

impl Window {
    /// Starts the program on this stage and waits for its page.
    pub fn open(stage: &Stage) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime starts");
        let mut capabilities = Capabilities::new();
        capabilities
            .insert("webkitgtk:browserOptions".into(), json!({ "binary": stage.program() }));
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let opening = builder.capabilities(capabilities);
        let client = match runtime.block_on(opening.connect(&stage.driver())) {
            Ok(client) => client,
            Err(error) => panic!("the window did not open: {error}"),
        };
        let window = Self { client, runtime };
        window.wait_until("return document.getElementById('root')?.childElementCount > 0");
        window
    }

    /// The program ends as if the person had closed the window.
    pub fn close(self) {
        self.wait(self.client.clone().close());
    }

    /// Presses what a new person presses, and waits for the company to be there.
    #[track_caller]
    pub fn open_sample(&self) {
        self.press("Open sample");
        self.find("//h1[normalize-space(.)='Overview']");
    }

    /// The power goes: the program ends without a word.
    pub fn kill(self, process: u32) {
        let killed = Command::new("kill").args(["-KILL", &process.to_string()]).status();
        assert!(killed.is_ok_and(|status| status.success()), "the window's process is ours");
        // The driver finds out that its window is gone; whether it says so is its own affair.
        let _ = self.runtime.block_on(self.client.clone().close());
    }

    // ---- what is there

    /// The element at this path, as soon as it is there.
    #[track_caller]
    pub fn find(&self, path: &str) -> Element {
        let wait = self.client.wait().at_most(PATIENCE).every(LOOK_EVERY);
        match self.runtime.block_on(wait.for_element(Locator::XPath(path))) {
            Ok(element) => element,
            Err(error) => panic!("no `{path}` ({error}) in:\n{}", self.text()),
        }
    }

    /// The control with this role's element and this name.
    #[track_caller]
    pub fn named(&self, element: &str, name: &str) -> Element {
        assert!(!name.contains('\''), "names here have no quotation mark");
        self.find(&format!("//{element}[{}]", NAMED.replace("NAME", name)))
    }

    /// Waits for this text to stand somewhere on the page.
    #[track_caller]
    pub fn sees(&self, text: &str) {
        let wanted = json!(text);
        let script = "return document.body.innerText.includes(arguments[0])";
        self.wait_for(script, &[wanted], text);
    }

    /// Everything that can be read on the page.
    pub fn text(&self) -> String {
        let text = self.ask("return document.body.innerText", &[]);
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until nothing is being asked any more.
    #[track_caller]
    pub fn is_quiet(&self) {
        self.wait_until(QUIET);
    }

    /// Waits for something outside of the page.
    #[track_caller]
    pub fn until(&self, come: impl Fn() -> bool, what: &str) {
        let deadline = std::time::Instant::now() + PATIENCE;
        while !come() {
            let late = std::time::Instant::now() > deadline;
            assert!(!late, "waited in vain for {what}:\n{}", self.text());
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits until the script returns true.
    #[track_caller]
    pub fn wait_until(&self, script: &str) {
        self.wait_for(script, &[], script);
    }

    #[track_caller]
    fn wait_for(&self, script: &str, arguments: &[Value], what: &str) {
        let ready = async || {
            let deadline = tokio::time::Instant::now() + PATIENCE;
            while tokio::time::Instant::now() < deadline {
                let answer = self.client.execute(script, arguments.to_vec()).await;
                if answer.is_ok_and(|it| it == json!(true)) {
                    return true;
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
            false
        };
        let seen = self.runtime.block_on(ready());
        assert!(seen, "waited in vain for `{what}` in:\n{}", self.text());
    }

    // ---- what a person does

    #[track_caller]
    pub fn press(&self, name: &str) {
        self.try_until(|| self.hit(self.named("button", name)));
    }

    /// Opens a screen through the navigation and waits until it stands.
    #[track_caller]
    pub fn go(&self, screen: &str) {
        let link = format!("//nav//a[starts-with(normalize-space(.), '{screen}')]");
        self.click(&link);
        self.find(&format!("{link}[@aria-current='page']"));
        self.find("//h1");
        self.is_quiet();
    }

    /// Presses a button whose text has more than this, such as its key.
    #[track_caller]
    pub fn press_with(&self, text: &str) {
        self.click(&format!("//button[contains(normalize-space(.), '{text}')]"));
    }

    #[track_caller]
    pub fn follow(&self, name: &str) {
        self.try_until(|| self.hit(self.named("a", name)));
    }

    #[track_caller]
    pub fn click(&self, path: &str) {
        self.try_until(|| self.hit(self.find(path)));
    }

    /// Types into the field with this label.
    #[track_caller]
    pub fn fill(&self, label: &str, text: &str) {
        let shown = format!("//label[normalize-space(.)='{label}']/following::input[1]");
        let path = format!("//input[@aria-label='{label}'] | {shown}");
        self.try_until(|| self.runtime.block_on(self.find(&path).send_keys(text)));
    }

    /// Types into whatever has the focus.
    pub fn types(&self, text: &str) {
        for key in text.chars() {
            self.chord(&[key]);
        }
    }

    /// Holds the keys down in this order and lets them go in the other.
    pub fn chord(&self, keys: &[char]) {
        let down = keys.iter().map(|key| KeyAction::Down { value: *key });
        let up = keys.iter().rev().map(|key| KeyAction::Up { value: *key });
        let actions = down.chain(up).fold(KeyActions::new("keys".into()), KeyActions::then);
        self.wait(self.client.perform_actions(actions));
    }

    // ---- what the page is

    /// Runs a script in the page.
    #[track_caller]
    pub fn ask(&self, script: &str, arguments: &[Value]) -> Value {
        self.wait(self.client.execute(script, arguments.to_vec()))
    }

    /// Runs a script that answers through its last argument.
    #[track_caller]
    pub fn ask_later(&self, script: &str, arguments: &[Value]) -> Value {
        self.wait(self.client.execute_async(script, arguments.to_vec()))
    }

    /// Calls a command as the page would; what it answers, or why it refuses.
    #[track_caller]
    pub fn call(&self, command: &str, arguments: &Value) -> Result<Value, Value> {
        let script = "const [command, given, done] = arguments; \
                      window.__TAURI_INTERNALS__.invoke(command, given) \
                        .then((reply) => done({ reply }), (refusal) => done({ refusal }));";
        let mut answer = self.ask_later(script, &[json!(command), arguments.clone()]);
        match answer.get_mut("refusal") {
            Some(refusal) => Err(refusal.take()),
            None => Ok(answer["reply"].take()),
        }
    }

    /// A picture of the page, as PNG.
    pub fn picture(&self) -> Vec<u8> {
        self.wait(self.client.screenshot())
    }

    /// Clicks what has come to rest: the driver aims first and presses afterwards, so that a page
    /// that grows between the two would take the press somewhere else, as no person would.
    fn hit(&self, element: Element) -> Result<(), CmdError> {
        self.runtime.block_on(async {
            for _ in 0..STILL_LOOKS_MAX {
                let before = element.rectangle().await?;
                tokio::time::sleep(LOOK_EVERY).await;
                if element.rectangle().await? == before {
                    break;
                }
            }
            element.click().await
        })
    }

    /// Does it once the page lets it be done: what was found may be replaced, or still be moving.
    #[track_caller]
    fn try_until(&self, act: impl Fn() -> Result<(), CmdError>) {
        let deadline = std::time::Instant::now() + PATIENCE;
        while let Err(error) = act() {
            let late = std::time::Instant::now() > deadline;
            assert!(!late, "the driver says: {error}, in:\n{}", self.text());
            std::thread::sleep(LOOK_EVERY);
        }
    }

    #[track_caller]
    fn wait<T>(&self, what: impl Future<Output = Result<T, CmdError>>) -> T {
        match self.runtime.block_on(what) {
            Ok(answer) => answer,
            Err(error) => panic!("the driver says: {error}"),
        }
    }
}
