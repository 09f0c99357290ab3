"""Cuts the fonts of the printed report from Inter 4.1 (SIL Open Font License 1.1).

Source: the npm package `inter-ui` 4.1.1, folders `web/` and `display/`.
Needs: fonttools, brotli.    Run: python3 cut.py PATH_TO_PACKAGE

A PDF carries glyphs, not font features, so the features the design asks for are made the only
form: tabular figures, brackets at figure height and, in the face for codes, a slashed zero and
letters that cannot be mistaken. U+FFFD is drawn as an empty box: it stands for every character
that the font does not have. Hinting, kerning and layout tables are left out.
"""
import sys
from fontTools import subset
from fontTools.ttLib import TTFont

COVERAGE = [(0x20, 0x7E), (0xA0, 0x24F), (0x259, 0x259), (0x2B0, 0x2FF), (0x300, 0x328),
            (0x370, 0x3FF), (0x400, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x202F, 0x203A),
            (0x2044, 0x2044), (0x2070, 0x209C), (0x20A0, 0x20C0), (0x2100, 0x2122),
            (0x2153, 0x215E), (0x2190, 0x2199), (0x2212, 0x2212), (0x2248, 0x2248),
            (0x2260, 0x2265), (0x2713, 0x2713)]
FACES = [("web/Inter-Regular", "Inter-Regular", ("tnum", "case")),
         ("web/Inter-Medium", "Inter-Medium", ("tnum", "case")),
         ("web/Inter-SemiBold", "Inter-SemiBold", ("tnum", "case")),
         ("web/Inter-Medium", "Inter-Code", ("tnum", "case", "zero", "ss02")),
         ("display/InterDisplay-SemiBold", "InterDisplay-SemiBold", ("tnum", "case"))]
FIGURES = set("zero one two three four five six seven eight nine".split())
BRACKETS = {"parenleft", "parenright", "bracketleft", "bracketright", "braceleft", "braceright",
            "plus", "minus"}


def substitutions(font, tag):
    table, found = font["GSUB"].table, {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == tag:
            for index in record.Feature.LookupListIndex:
                for part in table.LookupList.Lookup[index].SubTable:
                    part = getattr(part, "ExtSubTable", part)
                    found.update(getattr(part, "mapping", {}))
            break
    return found


def freeze(font, tags):
    found = {tag: substitutions(font, tag) for tag in tags}
    for table in font["cmap"].tables:
        for code, name in list(table.cmap.items()):
            for tag in tags:
                allowed = {"tnum": FIGURES, "case": BRACKETS}.get(tag)
                if allowed is None or name in allowed:
                    name = found[tag].get(name, name)
            table.cmap[code] = name
        if 0x25A1 in table.cmap:
            table.cmap[0xFFFD] = table.cmap[0x25A1]


for source, name, tags in FACES:
    font = TTFont(f"{sys.argv[1]}/{source}.woff2")
    freeze(font, tags)
    options = subset.Options()
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.glyph_names = False
    options.recalc_timestamp = False
    cutter = subset.Subsetter(options)
    codes = [code for first, last in COVERAGE for code in range(first, last + 1)]
    cutter.populate(unicodes=codes + [0xFFFD])
    cutter.subset(font)
    font.flavor = None
    font.recalcTimestamp = False
    font.save(f"{name}.ttf")
    print(name, len(font.getBestCmap()), "characters")
