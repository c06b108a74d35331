use super::{CellProblem, Draft, IMPORTED, Named, Reason, title_of};
use crate::{Id, KindSpec, Value};

/// Turns the names a line mentions into ids. A name that is nobody's is a problem, and stays on the record as text where its
/// kind has room for that.
pub fn refer(
    draft: &mut Draft,
    kind: &KindSpec,
    names: &[Named],
    find: impl Fn(&Named, &str) -> Result<Id, Reason>,
) -> Vec<CellProblem> {
    let mut problems = Vec::new();
    for named in names {
        let is_set = kind.field(&named.field).is_some_and(|field| field.is_set());
        // A name may have a comma in it, so the whole cell is tried first.
        let texts: Vec<&str> = match find(named, &named.text) {
            Err(_) if is_set => {
                named.text.split([';', '；', ',', '，', '、']).map(str::trim).filter(|text| !text.is_empty()).collect()
            }
            _ => vec![&named.text],
        };
        let mut ids = Vec::new();
        for text in texts {
            let reason = match find(named, text) {
                Ok(id) if id == draft.id => Reason::Circle { name: title_of(kind, &draft.values) },
                Ok(id) => {
                    ids.push(Value::from(id.to_string()));
                    continue;
                }
                Err(reason) => reason,
            };
            problems.push(CellProblem { column: named.column.clone(), reason });
            if kind.field(IMPORTED).is_some() {
                draft.keep(&named.column, &named.text);
            }
        }
        match ids.pop() {
            Some(last) if is_set => draft.put(&named.field, [ids, vec![last]].concat()),
            Some(only) => draft.put(&named.field, only),
            None => {}
        }
    }
    problems
}
