use super::session;
use crate::{
    client::ClientAddress,
    db,
    error::ApiError,
    json::Json,
    limit::{Attempt, Who},
    login::Login,
    signed::is_active,
    state::AppState,
};
use axum::{extract::State, response::IntoResponse};
use domain::wire::SignIn;
use uuid::Uuid;

/// `POST /api/v1/sign-in`: with e-mail address or mobile number, and password. A person of several companies comes into
/// the one signed in to last.
pub async fn sign_in(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    Json(body): Json<SignIn>,
) -> Result<impl IntoResponse, ApiError> {
    let login = Login::parse(&body.login);
    let attempt = Attempt::begin(&state.pool, Who::signing_in(login.as_ref(), address)).await?;
    let identity = match &login {
        Some(login) => db::identity::by_login(&state.pool, login).await?,
        None => None,
    };
    let (id, stored) = identity.map_or((None, None), |found| (Some(found.id), found.password_hash));
    let right = state.passwords.verify(body.password, stored).await?;
    let Some(identity) = id.filter(|_| right) else { return Err(ApiError::WrongCredentials) };
    let into = open_membership(&state, identity).await?;
    attempt.succeeded(&state.pool).await?;
    let tx = db::begin(&state.pool).await?;
    session::start(&state, tx, into, &body.device_label).await
}

/// The first membership whose member is active.
async fn open_membership(state: &AppState, identity: Uuid) -> Result<(Uuid, Uuid), ApiError> {
    for (org, member) in db::identity::memberships(&state.pool, identity).await? {
        let mut tx = db::tenant_tx(&state.pool, org).await?;
        if db::member::find(&mut tx, org, member).await?.is_some_and(|body| is_active(&body)) {
            return Ok((org, member));
        }
    }
    Err(ApiError::MemberInactive)
}
