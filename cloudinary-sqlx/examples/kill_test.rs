//! Kills an app at random moments, hundreds of times, and then looks whether a row lost its asset or an asset its row.
//!
//! ```text
//! kill_test --database sqlite:///tmp/app.db --rounds 300 [--failing] [--restart "scripts/databases/postgres restart"]
//! ```
//!
//! The app, which is this program again, uploads, inserts, replaces, deletes and takes back as fast as it can, with a worker
//! beside it, and is ended with SIGKILL. With `--failing` the media server fails half of all calls, some of them after it
//! has carried them out. With `--restart` the command is run now and then, while the app works.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant, SystemTime};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use cloudinary_core::client::RetryPolicy;
use cloudinary_core::{Cloudinary, ResourceType, UploadOptions};
use cloudinary_local::LocalServer;
use cloudinary_sqlx::CloudinaryField;
use cloudinary_sqlx::attachments::{Attachments, Audit, Owner, Sweeper, TableColumn, Worker};

type Fault = Box<dyn Error + Send + Sync>;

/// Longer than any upload of the app takes.
const CLAIM: Duration = Duration::from_secs(8);
const UNDO: Duration = Duration::from_millis(300);
const TAG: &str = "directly_uploaded";
/// All that is uploaded here.
const KINDS: [ResourceType; 1] = [ResourceType::Raw];

fn attachments() -> Attachments {
    Attachments::new().claim_within(CLAIM).undo_for(UNDO).column(TableColumn::new("photo", "id", "image"))
}

fn file(options: UploadOptions) -> UploadOptions {
    options.resource_type(ResourceType::Raw)
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.first().map(String::as_str) {
        Some("app") => app(&arguments[1]).await,
        _ => drive(&arguments).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kill_test: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What both databases do alike; sqlx wants them named.
macro_rules! on {
    ($url:expr, $pool:ident => $body:expr) => {
        if $url.starts_with("sqlite:") {
            use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
            let options = $url.parse::<SqliteConnectOptions>()?.create_if_missing(true);
            let options = options.journal_mode(SqliteJournalMode::Wal).busy_timeout(Duration::from_secs(20));
            let $pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
            $body
        } else {
            let $pool = sqlx::postgres::PgPoolOptions::new()
                .max_connections(4)
                .acquire_timeout(Duration::from_secs(20))
                .connect(&$url)
                .await?;
            $body
        }
    };
}

/// The app: changes its rows until it is killed.
async fn app(url: &str) -> Result<(), Fault> {
    let retry = RetryPolicy { attempts: 4, backoff: Duration::from_millis(10), ..RetryPolicy::default() };
    let cld = Cloudinary::from_env()?.with_retry(retry);
    on!(url, pool => {
        let attachments = attachments();
        attachments.check(&pool).await?;
        Worker::new(&attachments, &pool, &cld)
            .poll(Duration::from_millis(50))
            .lease(Duration::from_secs(3))
            .max_attempts(1000)
            .backoff(Duration::from_millis(20), Duration::from_millis(200))
            .spawn();
        println!("ready");
        loop {
            let change = rand::random_range(0..10);
            let done: Result<(), Fault> = async {
                match change {
                    // A new row; now and then its transaction fails after the upload.
                    0..=3 => {
                        let options = attachments.reserve(&pool, &file(UploadOptions::new().folder("kill"))).await?;
                        let image = CloudinaryField::try_from(&*cld.upload(b"a file".to_vec(), &options).await?)?;
                        let mut tx = pool.begin().await?;
                        let id: i64 = rand::random_range(1..i64::MAX);
                        sqlx::query("INSERT INTO photo (id, image) VALUES ($1, $2)").bind(id).bind(&image).execute(&mut *tx).await?;
                        attachments.attach(&mut tx, &image, &Owner::new("photo", id, "image")?).await?;
                        if change == 0 { tx.rollback().await? } else { tx.commit().await? }
                    }
                    // A direct upload: nothing was reserved, and not every form comes back.
                    4 => {
                        let options = file(UploadOptions::new().folder("kill").tags([TAG]));
                        let image = CloudinaryField::try_from(&*cld.upload(b"a file".to_vec(), &options).await?)?;
                        if rand::random() {
                            let mut tx = pool.begin().await?;
                            let id: i64 = rand::random_range(1..i64::MAX);
                            sqlx::query("INSERT INTO photo (id, image) VALUES ($1, $2)").bind(id).bind(&image).execute(&mut *tx).await?;
                            attachments.attach(&mut tx, &image, &Owner::new("photo", id, "image")?).await?;
                            tx.commit().await?;
                        }
                    }
                    5..=7 => {
                        let options = attachments.reserve(&pool, &file(UploadOptions::new().folder("kill"))).await?;
                        let new = CloudinaryField::try_from(&*cld.upload(b"a file".to_vec(), &options).await?)?;
                        let mut tx = pool.begin().await?;
                        let row: Option<(i64, CloudinaryField)> =
                            sqlx::query_as("SELECT id, image FROM photo ORDER BY random() LIMIT 1").fetch_optional(&mut *tx).await?;
                        if let Some((id, old)) = row {
                            sqlx::query("UPDATE photo SET image = $1 WHERE id = $2").bind(&new).bind(id).execute(&mut *tx).await?;
                            attachments.replace(&mut tx, &old, &new, &Owner::new("photo", id, "image")?).await?;
                        }
                        tx.commit().await?;
                    }
                    // Deleted; now and then taken back.
                    _ => {
                        let mut tx = pool.begin().await?;
                        let row: Option<(i64, CloudinaryField)> =
                            sqlx::query_as("SELECT id, image FROM photo ORDER BY random() LIMIT 1").fetch_optional(&mut *tx).await?;
                        if let Some((id, old)) = row {
                            let owner = Owner::new("photo", id, "image")?;
                            sqlx::query("DELETE FROM photo WHERE id = $1").bind(id).execute(&mut *tx).await?;
                            attachments.detach(&mut tx, &old, &owner).await?;
                            tx.commit().await?;
                            if change == 9 {
                                let mut tx = pool.begin().await?;
                                sqlx::query("INSERT INTO photo (id, image) VALUES ($1, $2)").bind(id).bind(&old).execute(&mut *tx).await?;
                                match attachments.restore(&mut tx, &old, &owner).await {
                                    Ok(()) => tx.commit().await?,
                                    Err(_) => tx.rollback().await?,
                                }
                            }
                        }
                    }
                }
                Ok(())
            }
            .await;
            match done {
                Ok(()) => println!("done {change}"),
                // The database or the media server was away: the next change may work.
                Err(error) => {
                    println!("failed {change} {}", error.to_string().replace('\n', " "));
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    })
}

async fn drive(arguments: &[String]) -> Result<(), Fault> {
    let value = |name: &str| {
        arguments.iter().position(|argument| argument == name).and_then(|at| arguments.get(at + 1)).cloned()
    };
    let url = value("--database").ok_or("--database is missing: sqlite:///path or postgres://…")?;
    let rounds: u32 = value("--rounds").map_or(Ok(100), |rounds| rounds.parse())?;
    let (restart, failing) = (value("--restart"), arguments.iter().any(|argument| argument == "--failing"));

    let folder = tempfile::tempdir()?;
    let server = LocalServer::builder().data_folder(folder.path().join("media")).start().await?;
    let cld = server.cloudinary()?;
    let way = if failing { failing_way(server.url()).await? } else { server.url().to_owned() };
    let config = server.config();
    let key = config.api_key.as_deref().unwrap_or_default();
    let secret = config.api_secret.as_ref().map(cloudinary_core::Secret::expose).unwrap_or_default();
    let cloudinary_url = format!("cloudinary://{key}:{secret}@{}?upload_prefix={way}", config.cloud_name);

    on!(url, pool => {
        for table in ["photo", "cloudinary_attachment", "cloudinary_schema", "cloudinary_migrations"] {
            sqlx::query(sqlx::AssertSqlSafe(format!("DROP TABLE IF EXISTS {table}"))).execute(&pool).await?;
        }
        sqlx::query("CREATE TABLE photo (id BIGINT PRIMARY KEY, image VARCHAR(255) NOT NULL)").execute(&pool).await?;
        attachments().migrate(&pool).await?;
        pool.close().await;
    });

    let started = Instant::now();
    let (mut changes, mut failures, mut restarts) = (0_u64, 0_u64, 0_u32);
    let mut reasons = std::collections::BTreeMap::<String, u32>::new();
    for round in 1..=rounds {
        let mut app = Command::new(std::env::current_exe()?)
            .args(["app", &url])
            .env("CLOUDINARY_URL", &cloudinary_url)
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(app.stdout.take().ok_or("the app has no output")?).lines();
        let listener = std::thread::spawn(move || lines.map_while(Result::ok).collect::<Vec<_>>());
        let life = Duration::from_millis(rand::random_range(60..700));
        let command = restart.clone().filter(|_| round % 10 == 0);
        let restarted = command.is_some();
        if let Some(command) = command {
            tokio::time::sleep(life / 2).await;
            let ran = tokio::task::spawn_blocking(move || {
                Command::new("sh").args(["-c", &command]).stdout(Stdio::null()).status()
            });
            if !ran.await??.success() {
                kill(&mut app)?;
                return Err("the command of --restart failed".into());
            }
            restarts += 1;
        }
        tokio::time::sleep(life).await;
        let ended = kill(&mut app)?;
        let lines = listener.join().map_err(|_| "the app's output was lost")?;
        // Without a database it does not start, which is as it should be.
        if ended && !restarted {
            return Err(format!("the app ended by itself: {lines:?}").into());
        }
        changes += lines.iter().filter(|line| line.starts_with("done")).count() as u64;
        for line in lines.iter().filter(|line| line.starts_with("failed")) {
            failures += 1;
            let reason: String = line.splitn(3, ' ').last().unwrap_or_default().chars().take(60).collect();
            *reasons.entry(reason).or_default() += 1;
        }
        if round % 50 == 0 {
            eprintln!("{round} kills, {changes} changes, {}s", started.elapsed().as_secs());
        }
    }
    if changes < u64::from(rounds) / 4 {
        return Err(format!("only {changes} changes were made: this tests nothing; {reasons:?}").into());
    }

    // What the server had received ends by itself. All else is looked at an hour later, so that everything is due; the
    // server's own times run ahead when it stores more than one asset a second.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let report = on!(url, pool => {
        let attachments = attachments().clock(|| SystemTime::now() + Duration::from_hours(1));
        let worker = Worker::new(&attachments, &pool, &cld).lease(Duration::from_secs(1));
        worker.drain().await?;
        Sweeper::new(&attachments, &pool, &cld, TAG).resource_types(KINDS).grace(CLAIM).sweep().await?;
        let mut report = Audit::new(&attachments, &pool, &cld).prefix("kill/").resource_types(KINDS).run().await?;
        for _ in 0..20 {
            worker.drain().await?;
            report = Audit::new(&attachments, &pool, &cld).prefix("kill/").resource_types(KINDS).run().await?;
            if report.is_clean() && report.on_their_way == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        report
    });
    println!(
        "{rounds} kills, {changes} changes, {failures} failed changes, {restarts} restarts of the database, {} s: \
         {} rows, {} assets, {} on their way",
        started.elapsed().as_secs(),
        report.rows,
        report.assets,
        report.on_their_way,
    );
    if failures > 0 {
        eprintln!("why changes failed: {reasons:#?}");
    }
    if report.is_clean() && report.on_their_way == 0 && report.rows == report.assets {
        println!("the audit is empty: every row has its asset, every asset its row");
        Ok(())
    } else {
        println!("{}", serde_json::to_string_pretty(&report)?);
        Err("the audit is not empty".into())
    }
}

/// SIGKILL. Says whether it had ended before.
fn kill(app: &mut Child) -> Result<bool, Fault> {
    let ended = app.try_wait()?.is_some();
    app.kill()?;
    app.wait()?;
    Ok(ended)
}

/// A way to the media server on which half of all calls fail: lost before they arrive, or their answers lost after.
async fn failing_way(server: &str) -> Result<String, Fault> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let way = format!("http://{}", listener.local_addr()?);
    // It is there already if this is not the first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let state = (reqwest::Client::new(), server.trim_end_matches('/').to_owned());
    let router = axum::Router::new().fallback(pass_on).with_state(state);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(way)
}

async fn pass_on(
    State((client, server)): State<(reqwest::Client, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, Bytes) {
    let out_of_order = |words: &str| {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            HeaderMap::new(),
            Bytes::from(format!(r#"{{"error":{{"message":"{words}"}}}}"#)),
        )
    };
    let luck = rand::random_range(0..4);
    if luck == 0 {
        return out_of_order("lost on the way");
    }
    let kind = headers.get("content-type").cloned();
    let mut request = client.request(method, format!("{server}{uri}")).body(body);
    if let Some(kind) = &kind {
        request = request.header("content-type", kind);
    }
    if let Some(authorization) = headers.get("authorization") {
        request = request.header("authorization", authorization);
    }
    let Ok(answer) = request.send().await else { return out_of_order("the media server is away") };
    let (status, mut head) = (answer.status(), HeaderMap::new());
    head.extend(answer.headers().get("content-type").cloned().map(|kind| (axum::http::header::CONTENT_TYPE, kind)));
    match answer.bytes().await {
        Ok(_) if luck == 1 => out_of_order("the answer was lost"),
        Ok(bytes) => (status, head, bytes),
        Err(_) => out_of_order("the answer broke off"),
    }
}
