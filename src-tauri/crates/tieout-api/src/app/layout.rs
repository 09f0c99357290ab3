//! Types of TypeScript set on lines that a person can read and a diff can show.

use std::fmt::Write;

/// No line is longer where it can be broken.
const COLUMNS_MAX: usize = 100;
const STEP: usize = 2;

/// One field of an object, with what is said about it.
struct Field<'a> {
    comment: Vec<&'a str>,
    text: &'a str,
}

/// `/** … */` before a declaration or field.
pub(super) fn comment(lines: &[&str], indent: usize) -> String {
    let pad = " ".repeat(indent);
    let all = lines.join(" ");
    let one = format!("{pad}/** {all} */\n");
    match lines {
        [] => String::new(),
        _ if one.chars().count() <= COLUMNS_MAX => one,
        lines => {
            let inner: String = lines.iter().map(|line| format!("{pad} * {line}\n")).collect();
            format!("{pad}/**\n{inner}{pad} */\n")
        }
    }
}

/// The lines inside a comment as it was generated.
pub(super) fn comment_lines(text: &str) -> Vec<&str> {
    let inner = text.trim().trim_start_matches("/**").trim_end_matches("*/");
    let lines = inner.lines().map(|line| line.trim().trim_start_matches('*').trim());
    lines.filter(|line| !line.is_empty()).collect()
}

/// A type that begins at column `indent` of an indented line, `lead` columns of which are taken.
pub(super) fn laid_out(text: &str, indent: usize, lead: usize) -> String {
    let text = text.trim();
    if let Some(flat) = flat(text).filter(|flat| lead + flat.chars().count() < COLUMNS_MAX) {
        return flat;
    }
    let members = split(text, '|');
    if members.len() > 1 {
        let pad = " ".repeat(indent + STEP);
        let line = |member: &&str| {
            let laid = laid_out(member, indent + STEP, indent + 2 * STEP);
            format!("\n{pad}| {laid}")
        };
        return members.iter().map(line).collect();
    }
    match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
        Some(inner) => object(inner, indent),
        None => squeezed(text),
    }
}

fn object(inner: &str, indent: usize) -> String {
    let pad = " ".repeat(indent + STEP);
    let mut text = "{\n".to_owned();
    for field in fields(inner) {
        text.push_str(&comment(&field.comment, indent + STEP));
        let (name, of) = field.text.split_once(':').unwrap_or((field.text, ""));
        let name = squeezed(name);
        let lead = indent + STEP + name.chars().count() + 2;
        let laid = laid_out(of, indent + STEP, lead);
        let space = if laid.starts_with('\n') { "" } else { " " };
        writeln!(text, "{pad}{name}:{space}{laid};").expect("a text takes everything");
    }
    write!(text, "{}}}", " ".repeat(indent)).expect("a text takes everything");
    text
}

/// On one line; `None` where a comment asks for lines of its own.
fn flat(text: &str) -> Option<String> {
    if text.contains("/**") {
        return None;
    }
    let text = squeezed(text).replace(", }", " }").replace("\"kind\":", "kind:");
    Some(text)
}

fn fields(inner: &str) -> Vec<Field<'_>> {
    let parts = split(inner, ',');
    let fields = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).map(|part| {
        match part.strip_prefix("/**").and_then(|rest| rest.split_once("*/")) {
            Some((said, text)) => Field { comment: comment_lines(said), text: text.trim() },
            None => Field { comment: Vec::new(), text: part },
        }
    });
    fields.collect()
}

/// Parts at the top level: not inside brackets, texts or comments.
fn split(text: &str, at: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut begin, mut quoted, mut comment) = (0_u32, 0, false, false);
    for (place, letter) in text.char_indices() {
        let rest = &text[place..];
        match letter {
            _ if comment => comment = !text[..place + letter.len_utf8()].ends_with("*/"),
            '"' => quoted = !quoted,
            _ if quoted => {}
            '/' if rest.starts_with("/**") => comment = true,
            '{' | '<' | '(' | '[' => depth += 1,
            '}' | '>' | ')' | ']' => depth = depth.saturating_sub(1),
            _ if letter == at && depth == 0 => {
                parts.push(&text[begin..place]);
                begin = place + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[begin..]);
    parts
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        assert_eq!(laid_out(text, 0, 0), want);
    }

    #[test]
    fn a_short_type_stays_on_its_line() {
        check("{ a: string, b: Array<Amount>, }", "{ a: string, b: Array<Amount> }");
        check("\"one\" | \"two, three\"", "\"one\" | \"two, three\"");
    }

    #[test]
    fn a_field_with_a_comment_has_lines_of_its_own() {
        let text = "{ \n/**\n * What | it, is.\n */\na: string | null, b: number, }";
        check(text, "{\n  /** What | it, is. */\n  a: string | null;\n  b: number;\n}");
    }

    #[test]
    fn a_long_union_has_a_line_for_each_member() {
        let member = format!("{{ kind: \"{}\", }}", "k".repeat(60));
        let flat = member.replace(", }", " }");
        check(&format!("{member} | {member}"), &format!("\n  | {flat}\n  | {flat}"));
    }
}
