//! The devices that notices speak of, by the labels under which people know them. Only the server has the labels.

use super::{PENDING, Plan};
use crate::{Id, Row, records::Notice, row::Cell};
use std::collections::{BTreeMap, BTreeSet};

const FIELDS: [&str; 2] = ["kept_device", "lost_device"];

/// The devices that the plan's new notices name by their ids.
pub fn named(plan: &Plan) -> BTreeSet<Id> {
    let new = plan.rows.values().flat_map(|row| FIELDS.iter().filter_map(|field| new_id(row, field)));
    new.collect()
}

/// Puts the labels in the place of the ids; a device without one is not named.
pub fn label(plan: &mut Plan, labels: &BTreeMap<Id, String>) {
    for row in plan.rows.values_mut() {
        for field in FIELDS {
            let Some(device) = new_id(row, field) else { continue };
            let label = labels.get(&device).filter(|label| !label.is_empty());
            match (label, row.cells.get_mut(field)) {
                (Some(label), Some(Cell { value, .. })) => *value = label.as_str().into(),
                _ => drop(row.cells.remove(field)),
            }
        }
    }
}

fn new_id(row: &Row, field: &str) -> Option<Id> {
    let cell = row.cells.get(field).filter(|cell| row.kind == Notice::KIND && cell.seq == PENDING)?;
    Id::try_parse(cell.value.as_str()?).ok()
}
