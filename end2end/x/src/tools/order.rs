//! The order of a module's functions, which says how well it compresses.

use super::stamp::digits;
use anyhow::Result;
use wasm_encoder::{Module, NameMap, NameSection, RawSection};
use wasmparser::{Parser, Payload, TypeRef};

/// How much of a body makes its name, in bytes.
const BEGINNING: usize = 64;

/// The module with every function named by how its body begins. Sorted by these names, functions that are alike come to stand
/// side by side; it made the compressed file one and a half percent smaller than sorted by the compiler's names.
pub fn named_by_body(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut names = NameMap::new();
    let mut index = 0;
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::ImportSection(imports) => {
                for import in imports.clone().into_imports() {
                    index += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => {
                let body = &wasm[body.range()];
                names.append(index, &digits(&body[..body.len().min(BEGINNING)]));
                index += 1;
            }
            _ => {}
        }
        if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection { id, data: &wasm[range] });
        }
    }
    let mut section = NameSection::new();
    section.functions(&names);
    module.section(&section);
    Ok(module.finish())
}
