//! Gates of a process, asked again by the server: an op that would leave one closed which was open before waits with the
//! reason (sync.md, merge rules). What was closed already, by an import or an older app, holds nobody up.

use crate::{Row, Schema};

const GATE: &str = "gate:";

/// Why an op is parked that needs a field to be filled.
pub fn reason(needs: &str) -> String {
    format!("{GATE}{needs}")
}

/// The field that must be filled, if that is the reason.
pub fn field_of(reason: &str) -> Option<&str> {
    reason.strip_prefix(GATE)
}

/// The field that must be filled so that `row` may be what it has become; `before` is what is stored of it.
pub fn closes<'s>(row: &Row, before: Option<&Row>, schema: &'s Schema) -> Option<&'s str> {
    let kind = schema.kind(&row.kind).filter(|_| row.is_alive())?;
    let was_closed = |row: &Row| kind.closed_gate(&|field| row.value(field)).is_some();
    kind.closed_gate(&|field| row.value(field)).filter(|_| !before.is_some_and(was_closed))
}
