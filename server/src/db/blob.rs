//! The bytes of files, and the records that say who may have them.

use super::{Result, Tx};
use uuid::Uuid;

statements! {
    /// What a living record that the member sees says the file is; its thumbnail is a file too.
    READABLE = "SELECT coalesce(CASE WHEN body->'file'->>'sha256' = $3 THEN body->'file'->>'mime' ELSE body->'thumbnail'->>'mime' END, '')
        FROM record WHERE org_id = $1 AND kind = 'attachment' AND NOT deleted
        AND (body->'file'->>'sha256' = $3 OR body->'thumbnail'->>'sha256' = $3) AND sees($1, $2, root) LIMIT 1";
    /// A record that he sees or made himself, or an op of his that somebody else decides about or took up as his own: by then
    /// he may have lost sight of what he has yet to send. A tombstone too: whoever brings the record back gets the file with it.
    SENDABLE = "SELECT EXISTS (SELECT 1 FROM record WHERE org_id = $1 AND kind = 'attachment'
            AND (body->'file'->>'sha256' = $3 OR body->'thumbnail'->>'sha256' = $3)
            AND (sees($1, $2, root) OR state->'created'->>'by' = $2::uuid::text))
        OR EXISTS (SELECT 1 FROM parked_op WHERE org_id = $1 AND actor = $2 AND position($3 IN op::text) > 0)";
    /// Who is told that it is there sends it no more: upkeep that forgets it at the same time must see this, or be first.
    STILL_WANTED = "UPDATE blob SET at = $3 WHERE org_id = $1 AND sha256 = $2 RETURNING size";
    FIND = "SELECT size, sent_by FROM blob WHERE org_id = $1 AND sha256 = $2";
    RECEIVED = "SELECT coalesce(max(from_byte + length(bytes)), 0) FROM blob_part
        WHERE org_id = $1 AND sha256 = $2 AND sent_by = $3";
    /// Of two that come at once only one is taken.
    ADD_PART = "INSERT INTO blob_part (org_id, sha256, sent_by, from_byte, bytes, at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING";
    IS_RIGHT = "SELECT sha256(coalesce(string_agg(bytes, ''::bytea ORDER BY from_byte), ''::bytea)) = $2 FROM blob_part
        WHERE org_id = $1 AND sha256 = $2 AND sent_by = $3";
    COMPLETE = "INSERT INTO blob (org_id, sha256, size, sent_by, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    DROP_OTHERS = "DELETE FROM blob_part p USING blob b WHERE p.org_id = $1 AND p.sha256 = $2
        AND b.org_id = p.org_id AND b.sha256 = p.sha256 AND p.sent_by <> b.sent_by";
    DISCARD = "DELETE FROM blob_part WHERE org_id = $1 AND sha256 = $2 AND sent_by = $3";
    PART = "SELECT bytes FROM blob_part WHERE org_id = $1 AND sha256 = $2 AND sent_by = $3 AND from_byte = $4";
    /// A tombstone mentions it still: whoever brings the record back gets the file with it.
    FORGET = "DELETE FROM blob b WHERE b.org_id = $1 AND b.at < $2
        AND NOT EXISTS (SELECT 1 FROM record r WHERE r.org_id = $1 AND r.kind = 'attachment' AND r.body->'file'->>'sha256' = encode(b.sha256, 'hex'))
        AND NOT EXISTS (SELECT 1 FROM record r WHERE r.org_id = $1 AND r.kind = 'attachment' AND r.body->'thumbnail'->>'sha256' = encode(b.sha256, 'hex'))
        AND NOT EXISTS (SELECT 1 FROM parked_op p WHERE p.org_id = $1 AND p.resolved_at IS NULL AND position(encode(b.sha256, 'hex') IN p.op::text) > 0)";
    FORGET_PARTS = "DELETE FROM blob_part p WHERE p.org_id = $1 AND p.at < $2 AND NOT EXISTS (
        SELECT 1 FROM blob b WHERE b.org_id = p.org_id AND b.sha256 = p.sha256 AND b.sent_by = p.sent_by)";
}

/// The address of a file.
pub type Sha256 = [u8; 32];

fn hex(sha256: &Sha256) -> String {
    crate::secret::hex(sha256)
}

/// The media type that a record gives a file; `None` where the member sees no living record that mentions it.
pub async fn readable(tx: &mut Tx, org: Uuid, member: Uuid, sha256: &Sha256) -> Result<Option<String>> {
    Ok(sqlx::query_scalar(READABLE).bind(org).bind(member).bind(hex(sha256)).fetch_optional(&mut **tx).await?)
}

/// Whether the member may send a file.
pub async fn is_sendable(tx: &mut Tx, org: Uuid, member: Uuid, sha256: &Sha256) -> Result<bool> {
    Ok(sqlx::query_scalar(SENDABLE).bind(org).bind(member).bind(hex(sha256)).fetch_one(&mut **tx).await?)
}

/// (size in bytes, whose parts) of a file that is whole.
pub async fn find(tx: &mut Tx, org: Uuid, sha256: &Sha256) -> Result<Option<(i64, Uuid)>> {
    Ok(sqlx::query_as(FIND).bind(org).bind(&sha256[..]).fetch_optional(&mut **tx).await?)
}

/// The size in bytes of a file that is whole; it counts as come now, so that it is not forgotten before it is mentioned.
pub async fn still_wanted(tx: &mut Tx, org: Uuid, sha256: &Sha256, now: i64) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar(STILL_WANTED).bind(org).bind(&sha256[..]).bind(now).fetch_optional(&mut **tx).await?)
}

/// How many bytes of a file a member has sent.
pub async fn received(tx: &mut Tx, org: Uuid, member: Uuid, sha256: &Sha256) -> Result<i64> {
    Ok(sqlx::query_scalar(RECEIVED).bind(org).bind(&sha256[..]).bind(member).fetch_one(&mut **tx).await?)
}

/// Keeps a part that begins where what he has sent ends.
pub async fn add_part(tx: &mut Tx, org: Uuid, member: Uuid, sha256: &Sha256, from: i64, bytes: &[u8], now: i64) -> Result<()> {
    let query = sqlx::query(ADD_PART).bind(org).bind(&sha256[..]).bind(member).bind(from).bind(bytes).bind(now);
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Whether what a member has sent is what its address says; then it is the company's, and his parts are the only ones.
pub async fn complete(tx: &mut Tx, org: Uuid, member: Uuid, sha256: &Sha256, size: i64, now: i64) -> Result<bool> {
    if !sqlx::query_scalar(IS_RIGHT).bind(org).bind(&sha256[..]).bind(member).fetch_one(&mut **tx).await? {
        return Ok(false);
    }
    sqlx::query(COMPLETE).bind(org).bind(&sha256[..]).bind(size).bind(member).bind(now).execute(&mut **tx).await?;
    sqlx::query(DROP_OTHERS).bind(org).bind(&sha256[..]).execute(&mut **tx).await?;
    Ok(true)
}

/// Forgets what a member has sent of a file.
pub async fn discard(tx: &mut Tx, org: Uuid, member: Uuid, sha256: &Sha256) -> Result<()> {
    sqlx::query(DISCARD).bind(org).bind(&sha256[..]).bind(member).execute(&mut **tx).await?;
    Ok(())
}

/// The part of a file that begins there.
pub async fn part(tx: &mut Tx, org: Uuid, sent_by: Uuid, sha256: &Sha256, from: i64) -> Result<Option<Vec<u8>>> {
    Ok(sqlx::query_scalar(PART).bind(org).bind(&sha256[..]).bind(sent_by).bind(from).fetch_optional(&mut **tx).await?)
}

/// Forgets files that came before a time and that nothing mentions any more, and parts as old of what never became whole;
/// how many files.
pub async fn forget(tx: &mut Tx, org: Uuid, before: i64) -> Result<u64> {
    let forgotten = sqlx::query(FORGET).bind(org).bind(before).execute(&mut **tx).await?.rows_affected();
    sqlx::query(FORGET_PARTS).bind(org).bind(before).execute(&mut **tx).await?;
    Ok(forgotten)
}
