//! A reader for `include/limber.h`: functions with their parameters, structs with their fields.

use std::collections::BTreeMap;

/// A parameter or a field: its C type without spaces before `*`, its name, and how many there are.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub name: String,
    pub kind: String,
    pub count: usize,
}

impl Item {
    fn parse(text: &str) -> Self {
        let (text, count) = match text.trim().split_once('[') {
            Some((text, count)) => (text, count.trim_end_matches(']').parse().expect("a number")),
            None => (text.trim(), 1),
        };
        let at = text.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).expect("type and name");
        let kind: String = text[..=at].split_whitespace().collect::<Vec<_>>().join(" ");
        let name = text[at + 1..].to_string();
        Self { name, kind: kind.replace("struct ", "").replace(" *", "*"), count }
    }

    pub fn is_pointer(&self) -> bool {
        self.kind.ends_with('*')
    }
}

/// The declarations of the header.
pub struct Header {
    pub functions: BTreeMap<String, Vec<Item>>,
    pub structs: BTreeMap<String, Vec<Item>>,
    pub defines: BTreeMap<String, String>,
}

impl Header {
    /// The committed header.
    pub fn committed() -> Self {
        Self::parse(&committed_text())
    }

    pub fn parse(text: &str) -> Self {
        let code = without_comments(text);
        let mut header =
            Self { functions: BTreeMap::new(), structs: BTreeMap::new(), defines: BTreeMap::new() };
        for line in code.lines() {
            if let Some((name, value)) =
                line.strip_prefix("#define ").and_then(|rest| rest.split_once(' '))
            {
                let value = value.trim();
                let inner = value.strip_prefix('(').and_then(|v| v.strip_suffix(')'));
                header.defines.insert(name.to_string(), inner.unwrap_or(value).to_string());
            }
        }
        for part in code.split("LIMBER_API int32_t ").skip(1) {
            let (name, rest) = part.split_once('(').expect("a function's parameters");
            let list = rest.split(')').next().unwrap_or_default();
            let items = match list.trim() {
                "void" => Vec::new(),
                list => list.split(',').map(Item::parse).collect(),
            };
            header.functions.insert(name.trim().to_string(), items);
        }
        for part in code.split("typedef struct ").skip(1) {
            let Some((name, rest)) = part.split_once('{') else { continue };
            let body = rest.split('}').next().unwrap_or_default();
            let fields =
                body.split(';').filter(|field| !field.trim().is_empty()).map(Item::parse).collect();
            header.structs.insert(name.trim().to_string(), fields);
        }
        header
    }

    /// The status codes, by number.
    pub fn statuses(&self) -> BTreeMap<i32, String> {
        let codes = self.defines.iter().filter(|(name, _)| name.starts_with("LIMBER_STATUS_"));
        codes.map(|(name, value)| (value.parse().expect("a number"), name.clone())).collect()
    }
}

/// The text of the committed header.
pub fn committed_text() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/include/limber.h");
    std::fs::read_to_string(path).expect("include/limber.h")
}

/// The text without its comments.
pub fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, tail)| tail);
    }
    out + rest
}
