//! Listening, and ending in good order.

use std::io;
use std::net::SocketAddr;

use crate::routes::router;
use crate::state::AppState;

/// Serves until the process is asked to end (Ctrl-C or SIGTERM), then lets the requests that are under way finish.
///
/// # Errors
/// The address can't be listened on; the socket fails.
pub async fn serve(listen: SocketAddr, state: AppState) -> io::Result<()> {
    let ended = asked_to_end()?;
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("can't listen on {listen}: {error}")))?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router(state)).with_graceful_shutdown(ended).await
}

/// Waits for Ctrl-C or SIGTERM. They are caught from the call on, not from the first poll.
#[cfg(unix)]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
        }
        tracing::info!("asked to end");
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            // No handler could be set: the signal ends the process as it always does.
            std::future::pending::<()>().await;
        }
    })
}
