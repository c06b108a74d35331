//! The names by which a module and its script know each other.

use anyhow::Result;
use std::collections::HashMap;
use wasm_encoder::{EntityType, ImportSection, Module, RawSection};
use wasmparser::{Parser, Payload, TypeRef};

/// The module and its script with short names for what the script gives to the module. wasm-bindgen's say what they do and end
/// with a hash, which does not compress. Types other than functions are left alone.
pub fn shortened(wasm: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let mut short = HashMap::new();
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if let Payload::ImportSection(imports) = &payload {
            let imports = imports.clone().into_imports().collect::<Result<Vec<_>, _>>()?;
            let mut section = ImportSection::new();
            let function = |ty| if let TypeRef::Func(index) = ty { Some(EntityType::Function(index)) } else { None };
            let Some(types) = imports.iter().map(|import| function(import.ty)).collect::<Option<Vec<_>>>() else {
                return Ok((wasm.to_vec(), script.to_owned()));
            };
            for (import, ty) in imports.iter().zip(types) {
                let next = format!("i{}", short.len());
                section.import(import.module, short.entry(import.name.to_owned()).or_insert(next), ty);
            }
            module.section(&section);
        } else if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection { id, data: &wasm[range] });
        }
    }
    Ok((module.finish(), renamed(script, &short)))
}

/// A script with whole identifiers replaced.
fn renamed(script: &str, names: &HashMap<String, String>) -> String {
    let mut result = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let (identifier, after) = from.split_at(from.find(|c| !is_part(c)).unwrap_or(from.len()));
        result += before;
        result += names.get(identifier).map_or(identifier, String::as_str);
        rest = after;
    }
    result + rest
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::TypeSection;

    #[test]
    fn both_sides_know_a_function_by_the_same_short_name() {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        for name in ["__wbg_get_1a", "__wbg_get_1ab"] {
            imports.import("./a.js", name, EntityType::Function(0));
        }
        let mut module = Module::new();
        module.section(&types).section(&imports);
        let script = "x = { __wbg_get_1a: f, __wbg_get_1ab: __wbg_get_1 }";
        let (wasm, script) = shortened(&module.finish(), script).unwrap();
        assert_eq!(script, "x = { i0: f, i1: __wbg_get_1 }");
        let has = |name: &[u8]| wasm.windows(name.len()).any(|part| part == name);
        assert!(has(b"i0") && has(b"i1") && !has(b"__wbg"));
    }
}
