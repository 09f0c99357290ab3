//! Faults on purpose, between a connector and any transport.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use crate::transport::{Transport, TransportError};

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing reaches the other side.
    LostRequest,
    /// The other side acts, its answer is lost.
    LostAnswer,
    /// The other side acts and a gateway answers 502.
    ServerErrorAfterCommit,
    /// 503, nothing done.
    ServerErrorBefore,
    /// 429, nothing done.
    TooManyRequests,
    /// The other side acts; the answer is a 200 with an HTML page.
    HtmlAfterCommit,
    /// The other side acts; the answer stops in the middle of its body.
    TruncatedAfterCommit,
}

type Predicate = Box<dyn Fn(&Request<Bytes>) -> bool + Send + Sync>;

struct Rule {
    applies: Predicate,
    fault: Fault,
    times: u32,
}

/// The faults still to come; clones share them.
#[derive(Clone, Default)]
pub struct FaultScript {
    rules: Arc<Mutex<Vec<Rule>>>,
}

impl FaultScript {
    /// The next `times` requests for which `applies` holds suffer `fault`.
    pub fn add(
        &self,
        fault: Fault,
        times: u32,
        applies: impl Fn(&Request<Bytes>) -> bool + Send + Sync + 'static,
    ) {
        let rule = Rule { applies: Box::new(applies), fault, times };
        self.rules.lock().expect("no holder of the script panics").push(rule);
    }

    fn take(&self, request: &Request<Bytes>) -> Option<Fault> {
        let mut rules = self.rules.lock().expect("no holder of the script panics");
        let rule = rules.iter_mut().find(|rule| rule.times > 0 && (rule.applies)(request))?;
        rule.times -= 1;
        Some(rule.fault)
    }
}

/// A transport in which scripted faults happen.
pub struct Faulty<T> {
    inner: T,
    script: FaultScript,
}

impl<T: Transport> Faulty<T> {
    /// A transport that suffers what the script says and is otherwise `inner`.
    pub fn new(inner: T, script: FaultScript) -> Self {
        Self { inner, script }
    }
}

#[async_trait]
impl<T: Transport> Transport for Faulty<T> {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let Some(fault) = self.script.take(&request) else {
            return self.inner.send(request).await;
        };
        match fault {
            Fault::LostRequest => Err(TransportError::NotSent("lost on purpose".into())),
            Fault::ServerErrorBefore => Ok(answer(503, "")),
            Fault::TooManyRequests => Ok(answer(429, "")),
            Fault::LostAnswer => {
                self.inner.send(request).await?;
                Err(TransportError::NoAnswer("lost on purpose".into()))
            }
            Fault::ServerErrorAfterCommit => {
                self.inner.send(request).await?;
                Ok(answer(502, ""))
            }
            Fault::HtmlAfterCommit => {
                self.inner.send(request).await?;
                Ok(answer(200, "<html><body>Please wait</body></html>"))
            }
            Fault::TruncatedAfterCommit => {
                let whole = self.inner.send(request).await?;
                Ok(whole.map(|body| body.slice(..body.len() / 2)))
            }
        }
    }
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for Arc<T> {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.as_ref().send(request).await
    }
}

fn answer(status: u16, body: &'static str) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from_static(body.as_bytes()));
    *answer.status_mut() = http::StatusCode::from_u16(status).expect("a status of our own list");
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ScriptedTransport, json_answer};

    #[track_caller]
    fn check(fault: Fault, want: &str, reaches: bool) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let inner = ScriptedTransport::new();
        inner.on(|_| Some(json_answer(201, r#"{"id":1}"#)));
        let script = FaultScript::default();
        script.add(fault, 1, |request| request.uri().path() == "/invoice");
        let faulty = Faulty::new(inner.clone(), script);
        let send = |path: &'static str| {
            let request = Request::post(path).body(Bytes::new()).unwrap();
            runtime.block_on(faulty.send(request))
        };
        assert_eq!(send("/other").unwrap().status(), 201, "other requests pass");
        let got = match send("/invoice") {
            Ok(answer) => {
                format!("{} {}", answer.status().as_u16(), String::from_utf8_lossy(answer.body()))
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(got, want);
        assert_eq!(inner.requests().len(), if reaches { 2 } else { 1 });
        assert_eq!(send("/invoice").unwrap().status(), 201, "the fault happens once");
    }

    #[test]
    fn lost_request() {
        check(Fault::LostRequest, "the request was not sent", false);
    }

    #[test]
    fn lost_answer() {
        check(Fault::LostAnswer, "no complete answer", true);
    }

    #[test]
    fn server_error_after_commit() {
        check(Fault::ServerErrorAfterCommit, "502 ", true);
    }

    #[test]
    fn server_error_before() {
        check(Fault::ServerErrorBefore, "503 ", false);
    }

    #[test]
    fn too_many_requests() {
        check(Fault::TooManyRequests, "429 ", false);
    }

    #[test]
    fn html_after_commit() {
        check(Fault::HtmlAfterCommit, "200 <html><body>Please wait</body></html>", true);
    }

    #[test]
    fn truncated_after_commit() {
        check(Fault::TruncatedAfterCommit, r#"201 {"id"#, true);
    }
}
