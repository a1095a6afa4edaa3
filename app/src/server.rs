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
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("can't listen on {listen}: {error}")))?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router(state)).with_graceful_shutdown(asked_to_end()).await
}

async fn asked_to_end() {
    let ctrl_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // No handler could be set: the signal ends the process as it always does.
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => (),
        () = terminate => (),
    }
    tracing::info!("asked to end");
}
