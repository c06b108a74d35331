//! What must hold when everything is healed: nothing lost, nothing twice, nobody diverged.

use super::{
    World, Wrong,
    journal::{Entry, value_of},
};
use domain::{
    Clock, Id, Row, Value,
    change::{Act, Outcome, Write},
    clock::TOLERANCE_MS,
    hub::plan::History,
    merging::MERGED_INTO,
    records::{Account, FollowUp, Notice},
    types::MergeRule,
};
use std::collections::{BTreeMap, BTreeSet};

pub fn all(world: &mut World) -> Result<(), Wrong> {
    world.count_ties();
    world.count_merges();
    let world = &*world;
    devices_agree_with_the_server(world)?;
    every_op_was_decided(world)?;
    every_value_is_somewhere(world)?;
    nothing_happened_twice(world)?;
    losers_were_told(world)?;
    the_latest_wins_and_nobody_loses_against_himself(world)?;
    additions_outlive_removals_that_had_not_seen_them(world)?;
    deletions_of_what_was_seen_hold(world)?;
    (0..world.devices.len()).try_for_each(|device| world.views_agree(device))
}

/// A row as it must be equal everywhere. Tombstones may be known to some only.
fn living(rows: impl Iterator<Item = Row>) -> BTreeMap<Id, Row> {
    rows.filter(Row::is_alive).map(|row| (row.id, row)).collect()
}

fn devices_agree_with_the_server(world: &World) -> Result<(), Wrong> {
    let hub = &world.server.hub;
    for (at, device) in world.devices.iter().enumerate().filter(|(_, device)| !device.tabs.is_empty()) {
        let base = device.snapshot()?.base;
        let visible = hub.visible(device.member);
        let is_gone = |row: &Row| !row.is_alive() && hub.forgotten.contains(&row.id);
        if let Some(row) = base.iter().find(|row| !is_gone(row) && hub.rows.get(&row.id).is_none_or(|row| !visible(row))) {
            return Err(Wrong::Divergent(format!("device {at} still holds {row:?}, which its user may not see")));
        }
        let here = living(base.into_iter());
        let there = living(hub.rows.values().filter(|row| visible(row)).cloned());
        if let Some(id) = here.keys().chain(there.keys()).find(|id| here.get(id) != there.get(id)) {
            return Err(Wrong::Divergent(format!("device {at} has {:?} and the server {:?}", here.get(id), there.get(id))));
        }
    }
    Ok(())
}

fn every_op_was_decided(world: &World) -> Result<(), Wrong> {
    let mut attention = BTreeMap::new();
    for device in &world.devices {
        attention.extend(device.snapshot()?.attention.into_iter().map(|one| (one.op.op_id, one.outcome)));
    }
    for (op_id, entry) in world.journal.ops.iter().filter(|(_, entry)| entry.fate.is_none()) {
        match world.server.hub.decided.get(op_id).map(|decided| &decided.outcome) {
            // Rejected before the server was restored: its author has it, and is told why.
            None if matches!(attention.get(op_id), Some(Outcome::Rejected { .. })) => {}
            None => return Err(Wrong::Lost(format!("op {op_id} of database {} never reached the server", entry.chain))),
            Some(Outcome::Rejected { .. } | Outcome::Parked { .. }) if !attention.contains_key(op_id) => {
                return Err(Wrong::Lost(format!("op {op_id} was refused and no device shows it")));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The ops that the server took, with who saved them where and when.
fn taken(world: &World) -> impl Iterator<Item = &Entry> {
    let hub = &world.server.hub;
    world.journal.ops.values().filter(|entry| hub.decided.get(&entry.op.op_id).is_some_and(|decided| decided.outcome.is_taken()))
}

/// What ops did to other records than they say: an edit of an account that was merged, unseen, follows its survivor.
pub fn elsewhere(world: &World) -> BTreeMap<Id, BTreeSet<Id>> {
    let mut found: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for change in &world.server.hub.history {
        let op = world.journal.ops.get(&change.op_id).map(|entry| &entry.op);
        if op.is_some_and(|op| op.writes.iter().all(|write| write.id != change.record)) {
            found.entry(change.op_id).or_default().insert(change.record);
        }
    }
    found
}

/// The accounts that took what an op says of another one.
fn followed<'w>(elsewhere: &'w BTreeMap<Id, BTreeSet<Id>>, op: Id, write: &Write) -> Option<&'w BTreeSet<Id>> {
    elsewhere.get(&op).filter(|_| write.kind == Account::KIND)
}

/// Whether what was written of a record may have been forgotten with it, or with an account that it had been merged into.
fn may_be_forgotten(world: &World, record: Id) -> bool {
    let hub = &world.server.hub;
    let (mut seen, mut next) = (BTreeSet::new(), vec![record]);
    while let Some(record) = next.pop().filter(|record| !hub.forgotten.contains(record)) {
        let merges = hub.history.iter().filter(|entry| entry.record == record && entry.field == MERGED_INTO);
        let into = merges.filter_map(|entry| Id::try_parse(entry.value.as_str()?).ok());
        next.extend(into.filter(|id| seen.insert(*id)));
        if next.is_empty() {
            return false;
        }
    }
    true
}

/// A value that was set is what the field is, or in its history.
fn every_value_is_somewhere(world: &World) -> Result<(), Wrong> {
    let hub = &world.server.hub;
    let history: BTreeSet<(Id, Id, &str, String)> =
        hub.history.iter().map(|entry| (entry.op_id, entry.record, entry.field.as_str(), entry.value.to_string())).collect();
    let elsewhere = elsewhere(world);
    for entry in taken(world) {
        for write in &entry.op.writes {
            let Some((field, value)) = value_of(&write.act) else { continue };
            let op = entry.op.op_id;
            if may_be_forgotten(world, write.id) {
                continue;
            }
            let places: Vec<Id> = followed(&elsewhere, op, write).into_iter().flatten().copied().chain([write.id]).collect();
            let kept = places.iter().any(|record| history.contains(&(op, *record, field, value.to_string())));
            let current = hub.rows.get(&write.id).is_some_and(|row| row.value(field) == *value);
            if !kept && !current {
                return Err(Wrong::Lost(format!("{field} = {value} of op {op} is neither current nor in the history")));
            }
        }
    }
    Ok(())
}

fn nothing_happened_twice(world: &World) -> Result<(), Wrong> {
    let mut seen = BTreeSet::new();
    for entry in world.server.hub.history.iter().filter(|entry| !entry.lost && !entry.actor.is_nil()) {
        if !seen.insert((entry.op_id, entry.record, &entry.field, entry.value.to_string())) {
            return Err(Wrong::Broken(format!("op {} set {} = {} twice", entry.op_id, entry.field, entry.value)));
        }
    }
    Ok(())
}

/// Whoever wrote a value that lost has a notice with it.
fn losers_were_told(world: &World) -> Result<(), Wrong> {
    let hub = &world.server.hub;
    let notices: Vec<Notice<&Row>> = hub.rows.values().filter(|row| row.kind == Notice::KIND).map(Notice).collect();
    for lost in hub.history.iter().filter(|entry| entry.lost && !entry.actor.is_nil()) {
        let told = notices.iter().any(|notice| {
            notice.recipient() == Some(lost.actor)
                && notice.0.text("record") == lost.record.to_string()
                && notice.lost().unwrap_or(&Value::Null) == &lost.value
        });
        if !told {
            return Err(Wrong::Lost(format!("{} lost {} of {} and was not told", lost.actor, lost.value, lost.field)));
        }
    }
    Ok(())
}

/// The order of registers' values: by clock, and by their text where a copied profile made two at once.
fn rank(entry: &History) -> (Clock, String) {
    (entry.clock, entry.value.to_string())
}

fn the_latest_wins_and_nobody_loses_against_himself(world: &World) -> Result<(), Wrong> {
    let hub = &world.server.hub;
    let mut latest: BTreeMap<(Id, &str), &History> = BTreeMap::new();
    for entry in &hub.history {
        let place = latest.entry((entry.record, &entry.field)).or_insert(entry);
        if rank(entry) > rank(place) {
            *place = entry;
        }
    }
    let mut last_of_chain: BTreeMap<(Id, &str, usize), &Entry> = BTreeMap::new();
    let elsewhere = elsewhere(world);
    let here: BTreeSet<(Id, Id)> = hub.history.iter().map(|change| (change.op_id, change.record)).collect();
    for entry in taken(world) {
        let op = entry.op.op_id;
        // What followed to an account that was forgotten since is neither here nor there.
        let is_forgotten = |record: Id| !here.contains(&(op, record)) && may_be_forgotten(world, record);
        let stayed = entry.op.writes.iter().filter(|write| followed(&elsewhere, op, write).is_none() && !is_forgotten(write.id));
        for (write, (field, _)) in stayed.filter_map(|write| Some((write, value_of(&write.act)?))) {
            let place = last_of_chain.entry((write.id, field, entry.chain)).or_insert(entry);
            if entry.order > place.order {
                *place = entry;
            }
        }
    }
    for ((record, field), winner) in latest {
        let Some(row) = hub.rows.get(&record) else { continue };
        let Some(cell) = row.cells.get(field) else { continue };
        let is_register = world.schema.field(&row.kind, field).is_none_or(|field| field.ty.merge_rule() == MergeRule::Register);
        // Completing and rescheduling have a rule of their own.
        if !is_register || row.kind == FollowUp::KIND && field == "due" {
            continue;
        }
        if rank(winner) != (cell.clock, cell.value.to_string()) {
            return Err(Wrong::Broken(format!("{field} of {record} is {cell:?}, later is {winner:?}")));
        }
        if cell.clock.ms > world.now + TOLERANCE_MS {
            return Err(Wrong::Broken(format!("{field} of {record} is from the future: {cell:?} at {}", world.now)));
        }
        let Some(author) = world.journal.ops.get(&winner.op_id) else { continue };
        // A claim goes by who comes first, and may so be later than its author knows.
        let is_claim = |write: &Write| write.id == record && matches!(write.act, Act::Claim { .. });
        if author.op.writes.iter().any(is_claim) {
            continue;
        }
        if let Some(later) = last_of_chain.get(&(record, field, author.chain)).filter(|later| later.order > author.order) {
            let (won, lost) = (winner.op_id, later.op.op_id);
            return Err(Wrong::Broken(format!(
                "{field} of {record}: op {lost} lost against op {won}, which its author made before"
            )));
        }
    }
    Ok(())
}

fn additions_outlive_removals_that_had_not_seen_them(world: &World) -> Result<(), Wrong> {
    let hub = &world.server.hub;
    let mut seen: BTreeSet<(Id, &str, String, Id)> = BTreeSet::new();
    let elsewhere = elsewhere(world);
    for write in taken(world).flat_map(|entry| &entry.op.writes) {
        if let Act::Remove { field, element, seen: ops, .. } = &write.act {
            seen.extend(ops.iter().map(|op| (write.id, field.as_str(), element.to_string(), *op)));
        }
    }
    for entry in taken(world) {
        for write in &entry.op.writes {
            let Act::Add { field, element, .. } = &write.act else { continue };
            // A survivor's elements are removed as its own.
            if may_be_forgotten(world, write.id) || followed(&elsewhere, entry.op.op_id, write).is_some() {
                continue;
            }
            let row = hub.rows.get(&write.id);
            let stored = row.and_then(|row| row.sets.get(field)).and_then(|set| set.get(&element.to_string()));
            let op = entry.op.op_id;
            let removed = stored.is_some_and(|stored| stored.removed.contains(&op));
            if !stored.is_some_and(|stored| stored.added.contains_key(&op)) {
                return Err(Wrong::Lost(format!("{element} that op {op} added to {field} was never there")));
            }
            if removed != seen.contains(&(write.id, field.as_str(), element.to_string(), op)) {
                return Err(Wrong::Broken(format!("{element} of {field} that op {op} added: removed is {removed}")));
            }
        }
    }
    Ok(())
}

/// A record lives after its deletion only if somebody else, or its deleter later on, touched it or what is under it.
fn deletions_of_what_was_seen_hold(world: &World) -> Result<(), Wrong> {
    let hub = &world.server.hub;
    let mut touched: BTreeMap<Id, Vec<(&Entry, bool)>> = BTreeMap::new();
    // What followed a merge here was not in sight of its own author either, who may have deleted this account next.
    let followed: BTreeSet<Id> = elsewhere(world).into_values().flatten().collect();
    for entry in taken(world) {
        for write in &entry.op.writes {
            let deletes = matches!(write.act, Act::Delete { .. });
            touched.entry(write.id).or_default().push((entry, deletes));
            let under = hub.rows.get(&write.id).and_then(|row| row.reference("account"));
            if let Some(account) = under {
                touched.entry(account).or_default().push((entry, false));
            }
        }
    }
    for (record, entries) in touched {
        let chains: BTreeSet<usize> = entries.iter().map(|(entry, _)| entry.chain).collect();
        let last = entries.iter().max_by_key(|(entry, _)| entry.order);
        let (Some((entry, true)), 1) = (last, chains.len()) else { continue };
        if hub.rows.get(&record).is_some_and(Row::is_alive) && !followed.contains(&record) {
            return Err(Wrong::Broken(format!("op {} deleted {record}, which lives", entry.op.op_id)));
        }
    }
    Ok(())
}
