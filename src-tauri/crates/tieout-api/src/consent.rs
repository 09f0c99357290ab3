//! A person at a sandbox's consent page, who reads it and presses *Allow*. It is the same page that
//! a browser shows; only the sample workspace uses this.

use bytes::Bytes;
use tieout_connect::oauth::{Callback, PendingSignIn, read_pasted};
use tieout_connect::transport::Transport;

use crate::codes::Code;
use crate::failure::Failure;

/// Pages between the first address and the redirect to the app.
const PAGES_MAX: usize = 4;

/// Opens the authorize address, presses *Allow*, and returns what the redirect carries.
pub async fn allow(
    transport: &dyn Transport,
    pending: &PendingSignIn,
) -> Result<Callback, Failure> {
    let location = location(transport, &pending.authorize_url).await?;
    Ok(read_pasted(&location, pending.state())?)
}

/// Presses *Allow* on the page of this address; where the browser is sent then.
pub(crate) async fn location(
    transport: &dyn Transport,
    authorize: &str,
) -> Result<String, Failure> {
    let mut request = get(authorize)?;
    let mut address = authorize.to_owned();
    for _ in 0..PAGES_MAX {
        let response = transport.send(request).await.map_err(|error| {
            Failure::caused(Code::NotReachable, "the sandbox did not answer", error)
        })?;
        if let Some(location) = response.headers().get(http::header::LOCATION) {
            return Ok(location.to_str().unwrap_or_default().to_owned());
        }
        let page = String::from_utf8_lossy(response.body()).into_owned();
        let form = Form::first(&page).ok_or_else(|| {
            Failure::new(Code::SignInRefused, "the sandbox showed no consent form")
        })?;
        address = resolve(&address, &form.action)?;
        request = post(&address, &form)?;
    }
    Err(Failure::new(Code::SignInRefused, "the sandbox never redirected"))
}

fn get(address: &str) -> Result<http::Request<Bytes>, Failure> {
    http::Request::get(address).body(Bytes::new()).map_err(unusable)
}

fn post(address: &str, form: &Form) -> Result<http::Request<Bytes>, Failure> {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(&form.fields);
    http::Request::post(address)
        .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Bytes::from(body.finish()))
        .map_err(unusable)
}

fn unusable(error: http::Error) -> Failure {
    Failure::caused(Code::UnexpectedAnswer, "the consent page names no usable address", error)
}

fn resolve(base: &str, action: &str) -> Result<String, Failure> {
    let base = url::Url::parse(base);
    let joined = base.and_then(|base| base.join(action)).map_err(|error| {
        Failure::caused(Code::UnexpectedAnswer, "the consent page names no usable address", error)
    })?;
    Ok(joined.into())
}

/// The first form of a page: its address, its hidden fields, and its first button.
#[derive(Debug, PartialEq, Eq)]
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    fn first(page: &str) -> Option<Self> {
        let start = page.find("<form")?;
        let end = start + page[start..].find("</form>")?;
        let text = &page[start..end];
        let opening = tag(text)?;
        let mut fields = Vec::new();
        let mut rest = &text[opening.len()..];
        let mut pressed = false;
        while let Some(at) = rest.find('<') {
            rest = &rest[at..];
            let Some(current) = tag(rest) else { break };
            let named = attribute(current, "name");
            let is_button = current.starts_with("<button");
            let counts = current.starts_with("<input") || (is_button && !pressed);
            if let Some(name) = named.filter(|_| counts) {
                fields.push((name, attribute(current, "value").unwrap_or_default()));
            }
            pressed |= is_button;
            rest = &rest[current.len()..];
        }
        Some(Self { action: attribute(opening, "action").unwrap_or_default(), fields })
    }
}

/// The tag that the text begins with, angle brackets included.
fn tag(text: &str) -> Option<&str> {
    text.find('>').map(|end| &text[..=end])
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let marker = format!(" {name}=\"");
    let start = tag.find(&marker)? + marker.len();
    let end = start + tag[start..].find('"')?;
    Some(unescaped(&tag[start..end]))
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_form_is_read_with_its_first_button() {
        let page = r#"<h1>Allow?</h1><form method="post" action="/go?a=1&amp;b=2">
            <input type="hidden" name="state" value="x&quot;y">
            <button type="submit" name="decision" value="allow">Allow</button>
            <button type="submit" name="decision" value="deny">Deny</button></form>"#;
        let form = Form::first(page).unwrap();
        assert_eq!(form.action, "/go?a=1&b=2");
        let want = [("state", "x\"y"), ("decision", "allow")];
        let want: Vec<_> = want.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        assert_eq!(form.fields, want);
    }

    #[test]
    fn a_page_without_a_form_is_no_consent_page() {
        assert_eq!(Form::first("<h1>Maintenance</h1>"), None);
    }
}
