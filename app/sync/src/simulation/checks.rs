//! What must hold when everything is healed: nothing lost, nothing twice, nobody diverged, no queue stuck.

use super::{World, device};
use domain::{Id, Row, Value, change::Outcome, records::Notice};
use std::collections::BTreeMap;

pub fn all(world: &World) -> Result<(), String> {
    queues_are_empty(world)?;
    devices_agree_with_the_server(world)?;
    every_op_was_decided(world)?;
    every_value_is_somewhere(world)?;
    losers_were_told(world)
}

fn queues_are_empty(world: &World) -> Result<(), String> {
    for (at, device) in world.devices.iter().enumerate() {
        let waiting = device.snapshot()?.outbox.len();
        if waiting > 0 {
            return Err(format!("stuck: device {at} still has {waiting} ops"));
        }
    }
    Ok(())
}

/// A row as it must be equal everywhere. Tombstones may be known to some only.
fn living(rows: impl Iterator<Item = Row>) -> BTreeMap<Id, Row> {
    rows.filter(Row::is_alive).map(|row| (row.id, row)).collect()
}

fn devices_agree_with_the_server(world: &World) -> Result<(), String> {
    for (at, device) in world.devices.iter().enumerate() {
        let here = living(device.base()?.into_values());
        let there = living(world.hub.rows.values().filter(|row| world.hub.sees(device.member, row)).cloned());
        if let Some(id) = here.keys().chain(there.keys()).find(|id| here.get(id) != there.get(id)) {
            return Err(format!("diverged: device {at} has {:?} and the server {:?}", here.get(id), there.get(id)));
        }
    }
    Ok(())
}

fn every_op_was_decided(world: &World) -> Result<(), String> {
    for (at, device) in world.devices.iter().enumerate() {
        let attention: Vec<Id> = device.snapshot()?.attention.iter().map(|one| one.op.op_id).collect();
        for op_id in device.journal.keys() {
            match world.hub.decided.get(op_id).map(|decided| &decided.outcome) {
                None => return Err(format!("lost: op {op_id} of device {at} never reached the server")),
                Some(Outcome::Rejected { .. } | Outcome::Parked { .. }) if !attention.contains(op_id) => {
                    return Err(format!("lost: op {op_id} was refused and device {at} does not show it"));
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// A value that was set is what the field is, or in its history.
fn every_value_is_somewhere(world: &World) -> Result<(), String> {
    for op in world.devices.iter().flat_map(|device| device.journal.values()) {
        if !world.hub.decided[&op.op_id].outcome.is_taken() {
            continue;
        }
        for (write, (field, value)) in op.writes.iter().filter_map(|write| Some((write, device::value_of(&write.act)?))) {
            let kept = world.hub.history.iter().any(|entry| {
                entry.record == write.id && entry.field == field && entry.op_id == op.op_id && entry.value == *value
            });
            let current = world.hub.rows.get(&write.id).is_some_and(|row| row.value(field) == *value);
            if !kept && !current {
                return Err(format!("lost: {field} = {value} of op {} is neither current nor in the history", op.op_id));
            }
        }
    }
    Ok(())
}

/// Whoever wrote a value that lost has a notice with it.
fn losers_were_told(world: &World) -> Result<(), String> {
    let notices: Vec<Notice<&Row>> = world.hub.rows.values().filter(|row| row.kind == Notice::KIND).map(Notice).collect();
    for lost in world.hub.history.iter().filter(|entry| entry.lost && !entry.actor.is_nil()) {
        let told = notices.iter().any(|notice| {
            notice.recipient() == Some(lost.actor)
                && notice.0.text("record") == lost.record.to_string()
                && notice.lost().unwrap_or(&Value::Null) == &lost.value
        });
        if !told {
            return Err(format!("silent: {} lost {} of {} and was not told", lost.actor, lost.value, lost.field));
        }
    }
    Ok(())
}
