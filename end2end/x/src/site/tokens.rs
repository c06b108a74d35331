//! The tokens in `public/` that stand for what only the build knows, such as `{{wasm}}`.

use anyhow::{Result, bail};
use serde_json::json;
use std::collections::BTreeMap;

/// What the tokens stand for. Paths are absolute, such as `/pkg/rounds.1a2b3c4d.css`.
#[derive(Default)]
pub struct Tokens {
    pub css: String,
    pub js: String,
    pub wasm: String,
    /// The path of each language's words, by its tag.
    pub words: BTreeMap<String, String>,
    /// The table of Chinese characters.
    pub han: String,
    /// Known only after `boot.js` itself was written, which may therefore not use it.
    pub boot: Option<String>,
    /// Every path that the service worker keeps; known last.
    pub files: Option<Vec<String>>,
    /// A short hash over everything the site is made of.
    pub version: String,
}

impl Tokens {
    /// The text with its tokens replaced. A token that means nothing here is an error that names the file.
    pub fn replace(&self, file: &str, text: &str) -> Result<String> {
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, token, after)) = next(rest) {
            let Some(value) = self.value(token) else {
                bail!("public/{file} has the token {{{{{token}}}}}, which means nothing there");
            };
            result.push_str(before);
            result.push_str(&value);
            rest = after;
        }
        Ok(result + rest)
    }

    fn value(&self, token: &str) -> Option<String> {
        match token {
            "css" => Some(self.css.clone()),
            "js" => Some(self.js.clone()),
            "wasm" => Some(self.wasm.clone()),
            "words" => Some(json!(self.words).to_string()),
            "han" => Some(self.han.clone()),
            "version" => Some(self.version.clone()),
            "boot" => self.boot.clone(),
            "files" => self.files.as_ref().map(|files| json!(files).to_string()),
            _ => None,
        }
    }
}

/// The text before the first `{{token}}`, its name, and the text behind it. Other braces are code.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(start) = text[from..].find("{{").map(|found| found + from) {
        let inner = &text[start + 2..];
        let length = inner.find(|character: char| !character.is_ascii_lowercase()).unwrap_or(inner.len());
        if length > 0 && inner[length..].starts_with("}}") {
            return Some((&text[..start], &inner[..length], &inner[length + 2..]));
        }
        from = start + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Tokens {
        Tokens { js: "/pkg/a.js".into(), wasm: "/pkg/a.wasm".into(), version: "12ab".into(), ..Tokens::default() }
    }

    #[test]
    fn tokens_are_replaced_and_other_braces_are_left() {
        let text = r#"import init from "{{js}}"; const x = {{}}; f({{a:1}}); {{{version}}}"#;
        let replaced = tokens().replace("boot.js", text).unwrap();
        assert_eq!(replaced, r#"import init from "/pkg/a.js"; const x = {{}}; f({{a:1}}); {12ab}"#);
    }

    #[test]
    fn files_are_a_json_array() {
        let tokens = Tokens { files: Some(vec!["/".into(), "/pkg/a.js".into()]), ..tokens() };
        assert_eq!(tokens.replace("sw.js", "const FILES = {{files}};").unwrap(), r#"const FILES = ["/","/pkg/a.js"];"#);
    }

    #[test]
    fn a_token_that_is_unknown_or_comes_too_early_is_named() {
        for token in ["{{jss}}", "{{boot}}", "{{files}}"] {
            let error = tokens().replace("boot.js", &format!("x {token} y")).unwrap_err().to_string();
            assert!(error.contains(token) && error.contains("boot.js"), "{error}");
        }
    }
}
