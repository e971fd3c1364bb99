//! The accept loop. `axum::serve` gives a client for ever to send its header, so hyper runs with timers of ours.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
    task::JoinSet,
};

use super::{peers::Peers, slow::Patient};
use crate::Limits;

/// Serves until `stop` says so (or its sender is gone), then lets running requests finish.
pub(crate) async fn serve(listener: TcpListener, router: Router, limits: Limits, mut stop: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let peers = Peers::new(limits.connections_per_address);
    let mut connections = JoinSet::new();
    let slots = Arc::new(Semaphore::new(limits.connections));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.header_timeout).max_headers(100);
    loop {
        let accepted = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        let Some((stream, address, slot)) = accepted else { break };
        let Some(peer) = peers.admit(address.ip()) else { continue };
        let io = TokioIo::new(Patient::new(stream, &limits));
        let connection = graceful.watch(http.serve_connection(io, TowerToHyperService::new(router.clone())));
        connections.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop((slot, peer));
        });
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    if tokio::time::timeout(limits.drain_timeout, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time; they are cut off");
    }
    connections.shutdown().await;
}

type Accepted = (tokio::net::TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

/// The next connection, once there is a slot for it.
async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> Option<Accepted> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                // Small answers should not wait for more to send; a socket that refuses still works.
                let _ = stream.set_nodelay(true);
                return Some((stream, address, slot));
            }
            Err(error) => {
                // Out of file handles, or the peer is gone: neither is a reason to stop serving.
                tracing::warn!(%error, "could not accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
