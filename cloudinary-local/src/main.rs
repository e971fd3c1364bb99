//! The media server as a program of its own.

mod args;

use std::{io::Write as _, process::ExitCode};

use args::{Args, Parsed};
use cloudinary_local::{LocalServer, UploadPreset};

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()))
        .with_writer(std::io::stderr)
        .init();
    match Args::parse(std::env::args_os().skip(1)) {
        Ok(Parsed::Help) => print(args::HELP),
        Ok(Parsed::Version) => print(concat!("cloudinary-local ", env!("CARGO_PKG_VERSION"), "\n")),
        Ok(Parsed::Run(args)) => run(args).await,
        Err(message) => {
            eprintln!("cloudinary-local: {message}; see --help");
            ExitCode::from(2)
        }
    }
}

async fn run(args: Args) -> ExitCode {
    let mut builder = LocalServer::builder().address(args.address).cloud_name(args.cloud_name);
    if let Some(folder) = args.data {
        builder = builder.data_folder(folder);
    }
    if let Some((key, secret)) = args.credentials {
        builder = builder.credentials(key, secret);
    }
    if let Some(url) = args.public_url {
        builder = builder.public_url(url);
    }
    for origin in args.callback_origins {
        builder = builder.callback_origin(origin);
    }
    for name in args.unsigned_presets {
        builder = builder.upload_preset(UploadPreset::unsigned(name));
    }
    // Before anybody is told that the server runs: from then on a signal must find its handler.
    let stop = match stop_signal() {
        Ok(stop) => stop,
        Err(error) => return fail(&format!("cannot listen for signals: {error}")),
    };
    let server = match builder.start().await {
        Ok(server) => server,
        Err(error) => return fail(&error.to_string()),
    };
    if print(&format!("CLOUDINARY_URL={}\n", server.cloudinary_url())) != ExitCode::SUCCESS {
        return ExitCode::FAILURE;
    }
    stop.await;
    server.shutdown().await;
    ExitCode::SUCCESS
}

fn print(text: &str) -> ExitCode {
    let mut out = std::io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("cannot write to standard output: {error}")),
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("cloudinary-local: {message}");
    ExitCode::FAILURE
}

/// Ends with Ctrl-C or a `SIGTERM`.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends with Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
