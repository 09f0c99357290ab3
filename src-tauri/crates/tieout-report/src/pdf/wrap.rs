//! Breaking text into lines of a given width. Nothing is ever cut: a word that is too long is
//! broken, first after a joint (`-`, `/`, `_`, `.`, `@`), else between any two characters.

use crate::pdf::metrics::{Face, Mpt, advances, measures, printable, width};

/// Signs after which a long word may be broken.
const JOINTS: [char; 7] = ['-', '/', '_', '.', '@', ',', ':'];

/// A stretch of text in one face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// Printable text.
    pub(crate) text: String,
    /// Its face.
    pub(crate) face: Face,
}

/// Breaks one text of one face.
pub(crate) fn lines(text: &str, face: Face, size: Mpt, within: Mpt) -> Vec<String> {
    let mut broken = Vec::new();
    for paragraph in text.split('\n') {
        let prose = [Run { text: paragraph.to_owned(), face }];
        for line in run_lines(&prose, size, within) {
            broken.push(line.into_iter().map(|run| run.text).collect());
        }
    }
    while broken.last().is_some_and(String::is_empty) {
        broken.pop();
    }
    broken
}

/// Width of the widest piece of a text that is broken only at spaces.
pub(crate) fn widest_word(text: &str, face: Face, size: Mpt) -> Mpt {
    printable(text).split(' ').map(|word| width(face, size, word)).max().unwrap_or_default()
}

/// Width of a text on one line; a line end in it starts another line.
pub(crate) fn widest_line(text: &str, face: Face, size: Mpt) -> Mpt {
    text.split('\n').map(|line| width(face, size, &printable(line))).max().unwrap_or_default()
}

/// Breaks text of several faces; neighbouring pieces of one face are one run.
pub(crate) fn run_lines(prose: &[Run], size: Mpt, within: Mpt) -> Vec<Vec<Run>> {
    let fits = |advances: i64| advances * size / 1_000 <= within;
    let mut lines: Vec<Vec<Run>> = Vec::new();
    let mut line: Vec<Run> = Vec::new();
    for word in words(prose) {
        let joined = advances_of(&line) + word.space_before() + advances_of(&word.runs);
        if !line.is_empty() && !fits(joined) {
            lines.push(std::mem::take(&mut line));
        }
        if line.is_empty() && !fits(advances_of(&word.runs)) {
            let mut pieces = break_word(&word, size, within);
            line = pieces.pop().unwrap_or_default();
            lines.extend(pieces);
            continue;
        }
        if !line.is_empty() && word.spaced {
            append(&mut line, " ", word.face());
        }
        for run in &word.runs {
            append(&mut line, &run.text, run.face);
        }
    }
    lines.push(line);
    lines
}

fn advances_of(runs: &[Run]) -> i64 {
    runs.iter().map(|run| advances(run.face, &run.text)).sum()
}

/// What may not be parted by a line end unless it is wider than the line.
struct Word {
    runs: Vec<Run>,
    spaced: bool,
}

impl Word {
    fn face(&self) -> Face {
        self.runs.first().map_or(Face::Regular, |run| run.face)
    }

    fn space_before(&self) -> i64 {
        if self.spaced { advances(self.face(), " ") } else { 0 }
    }
}

fn words(prose: &[Run]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut spaced = false;
    let mut open = false;
    for run in prose {
        let text = printable(&run.text);
        for (position, piece) in text.split(' ').enumerate() {
            if position > 0 {
                (spaced, open) = (true, false);
            }
            if piece.is_empty() {
                continue;
            }
            let run = Run { text: piece.to_owned(), face: run.face };
            match words.last_mut() {
                Some(word) if open => word.runs.push(run),
                _ => words.push(Word { runs: vec![run], spaced }),
            }
            open = true;
        }
    }
    words
}

/// Breaks a word that is wider than a line; every piece but the last fills a line.
fn break_word(word: &Word, size: Mpt, within: Mpt) -> Vec<Vec<Run>> {
    let signs: Vec<(char, Face)> =
        word.runs.iter().flat_map(|run| run.text.chars().map(|sign| (sign, run.face))).collect();
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < signs.len() {
        let end = piece_end(&signs, start, size, within);
        let mut piece = Vec::new();
        for (sign, face) in &signs[start..end] {
            append(&mut piece, sign.encode_utf8(&mut [0; 4]), *face);
        }
        pieces.push(piece);
        start = end;
    }
    pieces
}

/// Where the piece that begins at `start` ends: it holds at least one character.
fn piece_end(signs: &[(char, Face)], start: usize, size: Mpt, within: Mpt) -> usize {
    let mut used = 0;
    let mut joint = None;
    for (position, (sign, face)) in signs.iter().enumerate().skip(start) {
        // Whole advances are added and rounded once, as the width of a line is.
        used += measures(*face).advance(*sign);
        if used * size / 1_000 > within && position > start {
            return joint.unwrap_or(position);
        }
        if JOINTS.contains(sign) {
            joint = Some(position + 1);
        }
    }
    signs.len()
}

fn append(line: &mut Vec<Run>, text: &str, face: Face) {
    match line.last_mut() {
        Some(run) if run.face == face => run.text.push_str(text),
        _ => line.push(Run { text: text.to_owned(), face }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pdf::metrics::pt;

    const SIZE: Mpt = 8_200;

    #[track_caller]
    fn check(text: &str, within: Mpt, expected: &[&str]) {
        assert_eq!(lines(text, Face::Regular, SIZE, within), expected);
    }

    #[test]
    fn lines_end_at_spaces() {
        check("Harrow Creek Water District", pt(8000), &["Harrow Creek Water", "District"]);
        check("Harrow Creek", pt(8000), &["Harrow Creek"]);
        check("", pt(8000), &[]);
        check("two\nlines", pt(8000), &["two", "lines"]);
    }

    #[test]
    fn a_word_that_is_too_long_is_broken_after_a_joint() {
        check("AMENDED_AFTER_INVOICE", pt(5000), &["AMENDED_", "AFTER_", "INVOICE"]);
    }

    #[test]
    fn a_word_without_joints_is_broken_anywhere() {
        let broken = lines(&"x".repeat(80), Face::Regular, SIZE, pt(5000));
        assert!(broken.len() > 2);
        assert_eq!(broken.concat(), "x".repeat(80));
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_column_and_no_character_is_lost(
            text in "[a-zA-Z0-9 _.()-]{0,120}",
            within in 12_000_i64..200_000,
        ) {
            let broken = lines(&text, Face::SemiBold, SIZE, within);
            for line in &broken {
                prop_assert!(width(Face::SemiBold, SIZE, line) <= within, "{line}");
            }
            let signs = |text: &str| text.chars().filter(|sign| *sign != ' ').collect::<String>();
            prop_assert_eq!(signs(&broken.concat()), signs(&text));
        }
    }
}
