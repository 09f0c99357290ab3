//! Escapes of string literals, and LIKE.

/// One part of a LIKE pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Letter(char),
    /// `_`
    One,
    /// `%`
    Any,
}

/// The text that a literal stands for.
pub fn plain(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut letters = raw.chars();
    while let Some(letter) = letters.next() {
        text.push(if letter == '\\' { letters.next().map_or('\\', unescaped) } else { letter });
    }
    text
}

/// The pattern that a literal stands for after LIKE: `\%` and `\_` are letters.
pub fn pattern(raw: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut letters = raw.chars();
    while let Some(letter) = letters.next() {
        pieces.push(match letter {
            '\\' => Piece::Letter(letters.next().map_or('\\', unescaped)),
            '%' => Piece::Any,
            '_' => Piece::One,
            other => Piece::Letter(other),
        });
    }
    pieces
}

fn unescaped(letter: char) -> char {
    match letter {
        'n' | 'N' => '\n',
        'r' | 'R' => '\r',
        't' | 'T' => '\t',
        'b' | 'B' => '\u{8}',
        'f' | 'F' => '\u{c}',
        other => other,
    }
}

/// Whether the whole text matches, without case. Work is bounded by pattern times text.
pub fn like(pieces: &[Piece], text: &str) -> bool {
    let letters: Vec<char> = text.to_lowercase().chars().collect();
    // reached[n]: the pieces so far match the first n letters.
    let mut reached = vec![false; letters.len() + 1];
    reached[0] = true;
    for piece in pieces {
        let mut next = vec![false; letters.len() + 1];
        for at in 0..=letters.len() {
            next[at] = match piece {
                Piece::Any => reached[at] || (at > 0 && next[at - 1]),
                Piece::One => at > 0 && reached[at - 1],
                Piece::Letter(letter) => {
                    at > 0 && reached[at - 1] && letter.to_lowercase().eq([letters[at - 1]])
                }
            };
        }
        reached = next;
    }
    reached[letters.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, text: &str, matches: bool) {
        assert_eq!(like(&pattern(raw), text), matches, "{raw} on {text}");
    }

    #[test]
    fn like_knows_wildcards_and_their_escapes() {
        check("har%", "Harrow Creek", true);
        check("%creek", "Harrow Creek", true);
        check("h_r%k", "Harrow Creek", true);
        check("harrow", "Harrow Creek", false);
        check(r"100\%", "100%", true);
        check(r"100\%", "100 percent", false);
        check(r"a\_b", "a_b", true);
        check(r"a\_b", "axb", false);
        check("%", "", true);
        check("_", "", false);
    }

    #[test]
    fn escapes_stand_for_letters() {
        assert_eq!(plain(r"O\'Neil \\ \n"), "O'Neil \\ \n");
    }
}
