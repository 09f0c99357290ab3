//! `tieout sandbox serve`, as somebody would start it for a try.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tieout_tests::http;

use crate::desk::TIEOUT;

pub struct Sandbox {
    program: Child,
    pub places: Value,
}

impl Sandbox {
    pub fn serve() -> Self {
        let mut program = Command::new(TIEOUT)
            .args(["sandbox", "serve"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(program.stdout.take().expect("its output is ours"))
            .read_line(&mut line)
            .expect("it says where it serves");
        let places = serde_json::from_str(&line).expect("one line of JSON");
        Self { program, places }
    }

    /// A text of the printed line, such as `quickbooks`, `base_url`.
    pub fn place(&self, brand: &str, name: &str) -> &str {
        self.places[brand][name].as_str().unwrap_or_else(|| panic!("no {brand}.{name}"))
    }

    fn control(&self, path: &str) -> String {
        let base = self.places["control_url"].as_str().expect("a control address");
        format!("{base}/{path}")
    }

    /// What is really there; `query` such as `?to=2026-06-30`.
    pub fn truth(&self, brand: &str, query: &str) -> Value {
        http::get(&self.control(&format!("{brand}/truth{query}"))).json()
    }

    /// Makes or changes a row in Salesforce as another user; returns its id.
    pub fn edit(&self, object: &str, id: Option<&str>, fields: &Value) -> String {
        let edit = json!({ "object": object, "id": id, "fields": fields });
        let made = http::post_json(&self.control("salesforce/edit"), &edit).json();
        made["id"].as_str().expect("an id").to_owned()
    }

    /// The next `times` requests that match suffer this.
    pub fn fault(&self, brand: &str, method: &str, path: &str, kind: &str, times: u32) {
        let rule = json!({
            "method": method, "path_contains": path, "kind": kind, "times": times
        });
        http::post_json(&self.control(&format!("{brand}/fault")), &rule).json();
    }

    /// Turns switches of a simulator.
    pub fn switch(&self, brand: &str, switches: &Value) {
        http::post_json(&self.control(&format!("{brand}/switch")), switches).json();
    }

    /// Documents of QuickBooks whose note holds this key.
    pub fn documents_noted(&self, key: &str) -> Vec<Value> {
        let truth = self.truth("quickbooks", "");
        let documents = truth["documents"].as_array().expect("documents").clone();
        let noted = |it: &Value| it["note"].as_str().is_some_and(|note| note.contains(key));
        documents.into_iter().filter(noted).collect()
    }

    /// Invoices in QuickBooks that are not voided.
    pub fn invoices(&self) -> u64 {
        let truth = self.truth("quickbooks", "");
        truth["invoices"]["all"]["count"].as_u64().expect("a count")
    }

    /// Asks it politely to end, as a system does, and returns its exit code.
    pub fn terminate(mut self) -> Option<i32> {
        let id = self.program.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().expect("kill exists");
        assert!(told.success());
        self.program.wait().expect("it ends").code()
    }

    /// Pulls the plug.
    pub fn cut_off(&mut self) {
        self.program.kill().expect("it is ours");
        self.program.wait().expect("it ends");
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended already; there is nothing else to do about it.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
