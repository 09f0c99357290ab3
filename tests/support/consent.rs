//! A person at the browser, following a script: reads the consent page, presses a button, and lets
//! the browser follow the redirects to the end.

use crate::http::{self, Answer};

/// Redirects that a browser follows from the consent page to the program and its last page.
const REDIRECTS_MAX: usize = 4;

/// Opens the page, presses the button with this label, and follows the redirects. Returns the last
/// page that the person sees.
pub fn press(authorize_url: &str, label: &str) -> Answer {
    followed(pressed(authorize_url, label))
}

/// The address that a pressed button would send the browser to, not yet opened.
pub fn redirect_of(authorize_url: &str, label: &str) -> String {
    pressed(authorize_url, label).location.expect("consent redirects")
}

fn pressed(authorize_url: &str, label: &str) -> Answer {
    let page = http::get(authorize_url);
    assert_eq!(page.status, 200, "{}", page.body);
    let (action, fields) = form_with(&page.body, label);
    let (host, _) = http::split(authorize_url);
    http::post_form(&format!("http://{host}{action}"), &fields)
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
