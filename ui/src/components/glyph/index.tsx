export { Glyph, glyphOf, StatusWord, toneOf } from "./glyph";
export { glyphNamed, SHAPES, WORDS, type GlyphName } from "./shapes";
