use crate::{
    db::{
        self, Tx,
        device::{DeviceState, Report},
        feed::Wider,
    },
    error::ApiError,
    json,
    json::Json,
    now::now_ms,
    signed::{Caller, Signed},
    state::AppState,
};
use axum::{Json as Answer, extract::State, http::StatusCode};
use domain::{
    Id, Schema, Value,
    change::Outcome,
    hub::{self, Cursor, Plan, Push, page::Pull, plan::Refusal},
    records,
    time::MINUTE_MS,
    wire::{Ack, MAX_OPS, SyncAnswer, SyncRequest},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

static SCHEMA: LazyLock<Schema> = LazyLock::new(records::schema);

/// `POST /api/v1/sync`: takes a device's ops and hands out what changed (sync.md, items 5 to 9). A device below the floor is
/// told to load anew only once its ops are in; it sends them again after, and gets the answers it would have got.
pub async fn sync(
    State(state): State<AppState>,
    caller: Caller,
    Json(request): Json<SyncRequest, { json::SYNC }>,
) -> Result<Answer<SyncAnswer>, ApiError> {
    if request.ops.len() > MAX_OPS {
        let message = format!("Send at most {MAX_OPS} changes at once.");
        return Err(ApiError::Invalid { code: "too_many_ops", message, field: Some("ops") });
    }
    let signed = match caller {
        Caller { signed, is_leaving: false } => signed,
        Caller { signed, .. } => return Err(farewell(&state, &signed, &request).await?),
    };
    let (mut answer, wider) = (SyncAnswer::default(), Wider::default());
    let pushed = db::retrying(|| push(&state, &signed, &request, &wider)).await?;
    if let Some(Pushed { acks, expected_n, shifts, decided }) = pushed {
        (answer.acks, answer.expected_n) = (acks, expected_n);
        answer.tell_shifts(shifts);
        if decided {
            state.poker.changed(signed.org_id);
        }
    }
    pull(&state, &signed, &request, &mut answer).await?;
    answer.server_time = now_ms();
    Ok(Answer(answer))
}

struct Pushed {
    acks: Vec<Ack>,
    expected_n: Option<u64>,
    shifts: Vec<(i64, i64)>,
    /// Something new was written.
    decided: bool,
}

fn refuse(
    status: StatusCode,
    code: &'static str,
    message: &'static str,
    request: &SyncRequest,
    feed_epoch: Option<u64>,
) -> ApiError {
    ApiError::Sync { status, code, message, device: Some(request.device), feed_epoch }
}

fn forked(request: &SyncRequest) -> ApiError {
    refuse(
        StatusCode::CONFLICT,
        "device_forked",
        "This database was copied or restored. The app takes a new device number by itself.",
        request,
        None,
    )
}

fn below_floor(request: &SyncRequest) -> ApiError {
    let message = "This device was away for long. The app loads everything anew; nothing that was not sent is lost.";
    refuse(StatusCode::CONFLICT, "reset", message, request, None)
}

fn revoked(request: &SyncRequest, epoch: u64) -> ApiError {
    let message = "This device's access was ended. What was not sent is handed over.";
    refuse(StatusCode::FORBIDDEN, "device_revoked", message, request, Some(epoch))
}

/// What somebody is told who may no longer sync: that his device was revoked, where it was, so that it hands in and wipes
/// itself; else nothing but to sign in, and he keeps everything.
async fn farewell(state: &AppState, signed: &Signed, request: &SyncRequest) -> Result<ApiError, ApiError> {
    let mut tx = db::tenant_tx(&state.pool, signed.org_id).await?;
    let device = db::device::find(&mut tx, signed.org_id, request.device).await?;
    let is_revoked = device.is_some_and(|device| device.member_id == signed.member_id && device.revoked_at.is_some());
    let head = db::pull::head(&mut tx, signed.org_id).await?;
    Ok(if is_revoked { revoked(request, head.epoch) } else { ApiError::Unauthenticated })
}

/// Refuses a device that must do something else first.
fn check(state: &DeviceState, signed: &Signed, request: &SyncRequest, epoch: u64) -> Result<(), ApiError> {
    if state.member_id != signed.member_id {
        return Err(forked(request));
    }
    if state.revoked_at.is_some() {
        return Err(revoked(request, epoch));
    }
    if request.feed_epoch != 0 && request.feed_epoch != epoch {
        let message = "The server was restored from a backup. The app sends again what it may have lost.";
        return Err(refuse(StatusCode::CONFLICT, "restored", message, request, Some(epoch)));
    }
    Ok(())
}

/// One transaction: lock the device, then the records; decide; stamp; write; commit. `None` where there was nothing to do.
async fn push(state: &AppState, signed: &Signed, request: &SyncRequest, wider: &Wider) -> Result<Option<Pushed>, ApiError> {
    let (org, now) = (signed.org_id, now_ms());
    let cursor = Cursor::read(request.cursor.as_deref());
    let mut tx = db::tenant_tx(&state.pool, org).await?;
    let head = db::pull::head(&mut tx, org).await?;
    let app: String = request.app.chars().filter(|c| !c.is_control()).take(40).collect();
    let report = Report {
        device: request.device,
        member: signed.member_id,
        label: &signed.device_label,
        app: &app,
        pending: request.pending.min(i64::MAX as u64) as i64,
        oldest_pending_at: request.oldest_at.map(|at| at.saturating_add(now.saturating_sub(request.device_time))),
        storage: request.storage,
        session: &signed.session,
        clock_offset_ms: now.saturating_sub(request.device_time),
        confirmed_seq: cursor.confirmed().min(head.seq) as i64,
        settled_n: request.settled_n.min(i64::MAX as u64) as i64,
        head: head.seq as i64,
        now,
    };
    let device = db::device::known(&mut tx, org, &report, !request.ops.is_empty()).await?;
    check(&device, signed, request, head.epoch)?;
    if request.ops.is_empty() {
        // A device that only looks is noted once a minute: a write for every look would cost more than looking.
        let stale = now - device.last_seen_at > MINUTE_MS
            || device.pending != report.pending
            || device.confirmed_seq == 0
            || report.storage.is_some();
        if stale {
            db::device::seen(&mut tx, org, &report, device.last_n, device.based_seq).await?;
        }
        db::commit(tx).await?;
        return Ok(None);
    }
    let world = db::feed::world(&mut tx, org, request.device, &request.ops, device.last_n as u64, &SCHEMA, wider).await?;
    let known: BTreeSet<_> = world.rows.keys().copied().collect();
    let before = hub::collision::look(&world.rows);
    let push = Push {
        schema: &SCHEMA,
        now,
        org,
        device: request.device,
        member: signed.member_id,
        role: signed.role,
        keys: db::feed::keys(&mut tx, org, signed.member_id).await?,
        last_n: device.last_n as u64,
        confirmed_seq: device.confirmed_seq.max(report.confirmed_seq) as u64,
        restored_seq: head.restored_seq,
        based_seq: device.based_seq as u64,
        ops: request.ops.clone(),
    };
    let mut plan = hub::plan(&push, world).map_err(|refusal| match refusal {
        Refusal::Forked => forked(request),
        Refusal::Malformed(field) => ApiError::Invalid {
            code: "malformed_op",
            message: format!("Correct {field}: every change has a number and an id."),
            field: Some(field),
        },
    })?;
    log_refused(&push, &plan);
    let decided = plan.acks.iter().any(|ack| ack.seq == hub::PENDING);
    if decided {
        tell_of_parked(&mut tx, org, &push, &mut plan).await?;
        let devices: Vec<Id> = hub::devices::named(&plan).into_iter().collect();
        if !devices.is_empty() {
            hub::devices::label(&mut plan, &db::device::labels(&mut tx, org, &devices).await?);
        }
        let seq = db::feed::stamp(&mut tx, org).await?;
        state.gates.stamped.pass().await;
        db::evidence::follow(&mut tx, org, &mut plan, &before, &SCHEMA, now).await?;
        plan.stamp(seq);
        db::feed::write(&mut tx, org, &plan, seq, &SCHEMA, &known).await?;
    }
    // Also where all were decided before, under another device: this one may ask again by its own numbers.
    db::outcome::write(&mut tx, org, request.device, signed.member_id, &plan.acks, now).await?;
    let last_n = plan.acks.iter().map(|ack| ack.n as i64).max().unwrap_or(0);
    db::device::seen(&mut tx, org, &report, last_n, plan.based_seq as i64).await?;
    db::commit(tx).await?;
    let acks = plan.acks.into_iter().map(Ack::from).collect();
    Ok(Some(Pushed { acks, expected_n: plan.expected_n, shifts: plan.shifts, decided }))
}

/// Says in the log who sent what was not taken, or what no app of ours sends, and why; never what it was.
fn log_refused(push: &Push<'_>, plan: &Plan) {
    let new = plan.acks.iter().filter(|ack| ack.seq == hub::PENDING || hub::plan::bears_anothers_id(&ack.outcome));
    let refused = new.filter_map(|ack| match &ack.outcome {
        Outcome::Rejected { code: why, .. } | Outcome::Parked { reason: why } => Some(why.as_str()),
        _ => None,
    });
    let known = push.confirmed_seq.max(push.restored_seq);
    let is_ahead = |op: &&Value| op.get("base_seq").and_then(Value::as_u64).is_some_and(|base| base > known);
    let ahead = push.ops.iter().filter(is_ahead).map(|_| "base_seq_ahead");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    refused.chain(ahead).for_each(|why| *counts.entry(why).or_default() += 1);
    let Push { org, member, device, .. } = push;
    if !counts.is_empty() {
        tracing::warn!(%org, %member, %device, ?counts, "ops were not taken, or claim too much");
    }
    if let Some((_, shifted_ms)) = plan.shifts.last() {
        tracing::warn!(%org, %member, %device, shifted_ms, "a device's clock is ahead");
    }
}

/// Gives the owner, or a manager, notice of what is parked.
async fn tell_of_parked(tx: &mut Tx, org: Id, push: &Push<'_>, plan: &mut Plan) -> Result<(), ApiError> {
    let records: Vec<Id> = hub::parked::records(plan).into_iter().collect();
    if !records.is_empty() {
        let roots = db::outcome::roots_of(tx, org, &records).await?;
        hub::parked::tell(plan, push, &roots, &db::feed::people(tx, org).await?);
    }
    Ok(())
}

/// The next page, from one snapshot.
async fn pull(state: &AppState, signed: &Signed, request: &SyncRequest, answer: &mut SyncAnswer) -> Result<(), ApiError> {
    let (org, member) = (signed.org_id, signed.member_id);
    let mut tx = db::pull::snapshot(&state.pool, org).await?;
    let head = db::pull::head(&mut tx, org).await?;
    (answer.feed_epoch, answer.floor) = (head.epoch, head.floor);
    let cursor = Cursor::read(request.cursor.as_deref());
    if cursor.is_below(head.floor) {
        return Err(below_floor(request));
    }
    let total = if cursor.is_fresh() { db::pull::total(&mut tx, org, member).await? } else { 0 };
    let mut pull = Pull::new(cursor, head.seq, || total);
    while let Some(fetch) = pull.next().cloned() {
        pull.take(db::pull::fetch(&mut tx, org, member, &fetch).await?);
        state.gates.fetched.pass().await;
    }
    pull.into_answer(request.pages, answer);
    Ok(())
}
