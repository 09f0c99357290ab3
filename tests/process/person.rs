//! A person at the browser, following a script: reads the consent page, presses a button, and lets
//! the browser follow the redirects to the end.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

use serde_json::Value;

use crate::desk::{Desk, Ran};
use crate::http::{self, Answer};
use crate::sandbox::Sandbox;

/// Redirects that a browser follows from the consent page to the program and its last page.
const REDIRECTS_MAX: usize = 4;

/// A sign-in that waits for its person.
pub struct SigningIn {
    program: Child,
    output: BufReader<ChildStdout>,
    arguments: String,
    errors: std::path::PathBuf,
    pub authorize_url: String,
    /// One sign-in at a time on this computer: the redirect ports are few and registered.
    _alone: File,
}

impl SigningIn {
    /// Starts `tieout connect BRAND` against this address. Where it fails at once, the address to
    /// open is empty.
    pub fn start(desk: &Desk, sandbox: &Sandbox, brand: &str, at: &str, more: &[&str]) -> Self {
        let lock = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sign-in.lock");
        let alone = File::create(lock).expect("the target folder is ours");
        alone.lock().expect("the others finish");
        let client_id = sandbox.place(brand, "client_id");
        let flags = ["connect", brand, "--base-url", at, "--client-id", client_id, "--print-url"];
        let arguments = [&flags, more].concat();
        let errors = desk.path(&format!("connect-{brand}.err"));
        let mut command = desk.command(&arguments);
        if let Some(secret) = sandbox.places[brand]["client_secret"].as_str() {
            command.env("TIEOUT_CLIENT_SECRET", secret);
        }
        let written = File::create(&errors).expect("the desk is ours");
        let mut program =
            command.stdout(Stdio::piped()).stderr(written).spawn().expect("the program starts");
        let mut output = BufReader::new(program.stdout.take().expect("its output is ours"));
        let mut line = String::new();
        output.read_line(&mut line).expect("it says what to open, or ends");
        let line: Value = serde_json::from_str(&line).unwrap_or_default();
        let authorize_url = line["authorize_url"].as_str().unwrap_or_default().to_owned();
        let arguments = arguments.join(" ");
        Self { program, output, arguments, errors, authorize_url, _alone: alone }
    }

    /// Opens the page, presses the button with this label, and follows the redirects. Returns the
    /// last page that the person sees.
    pub fn press(&self, label: &str) -> Answer {
        let page = http::get(&self.authorize_url);
        assert_eq!(page.status, 200, "{}", page.body);
        let (action, fields) = form_with(&page.body, label);
        let (host, _) = http::split(&self.authorize_url);
        let answer = http::post_form(&format!("http://{host}{action}"), &fields);
        followed(answer)
    }

    /// The address that a pressed button would send the browser to, not yet opened.
    pub fn redirect_of(&self, label: &str) -> String {
        let page = http::get(&self.authorize_url);
        let (action, fields) = form_with(&page.body, label);
        let (host, _) = http::split(&self.authorize_url);
        let answer = http::post_form(&format!("http://{host}{action}"), &fields);
        answer.location.expect("consent redirects")
    }

    /// Waits for the program; what it printed after the address to open.
    pub fn end(mut self) -> Ran {
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("its output is text");
        let status = self.program.wait().expect("it ends");
        let stderr = std::fs::read_to_string(&self.errors).expect("its errors are text");
        let output =
            std::process::Output { status, stdout: rest.into_bytes(), stderr: stderr.into_bytes() };
        Ran::new(&[&self.arguments], &output)
    }

    /// Ends the program without asking it.
    pub fn kill(self) {}
}

impl Drop for SigningIn {
    /// A program that still waits would hold its redirect port for minutes.
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Opens the redirect of an answer, and the redirects of what comes then.
pub fn followed(mut answer: Answer) -> Answer {
    let mut base = String::new();
    for _ in 0..REDIRECTS_MAX {
        let Some(location) = answer.location.take() else { return answer };
        let address =
            if location.starts_with('/') { format!("{base}{location}") } else { location };
        base = format!("http://{}", http::split(&address).0);
        answer = http::get(&address);
    }
    panic!("the browser was sent around in a circle");
}

/// The address and the fields that pressing this button sends.
fn form_with(page: &str, label: &str) -> (String, Vec<(String, String)>) {
    for form in page.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        let (opening, content) = form.split_once('>').expect("a form has an opening tag");
        let Some(button) = content.split("<button").skip(1).find(|it| text_of(it) == label) else {
            continue;
        };
        let inputs = content.split("<input").skip(1).chain([button]);
        let fields = inputs.filter_map(|tag| {
            let tag = tag.split('>').next().unwrap_or_default();
            Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default()))
        });
        return (attribute(opening, "action").expect("an address"), fields.collect());
    }
    panic!("no button says `{label}`: {page}");
}

fn text_of(button: &str) -> &str {
    let text = button.split_once('>').map_or("", |(_, text)| text);
    text.split('<').next().unwrap_or_default().trim()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let value = rest.split('"').next()?;
    let plain = value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<");
    Some(plain.replace("&gt;", ">").replace("&amp;", "&"))
}
