//! `multipart/form-data`: fields into memory, the file to the store's spool as it comes.

use http::HeaderMap;

use super::{
    auth,
    body::{BodyFault, HeadMeter},
    error::ApiError,
    form::{FileField, Form, Gate, Gathered, data_uri_max, too_long},
};
use crate::{
    Limits,
    store::{Blobs, Reservation},
};

/// Longest name of a field, in bytes.
const NAME_MAX: usize = 255;
/// Longest file name, in bytes.
const FILENAME_MAX: usize = 1024;

pub(super) async fn read(
    mut parts: multer::Multipart<'_>,
    meter: &HeadMeter,
    headers: &HeaderMap,
    blobs: &Blobs,
    gate: &Gate<'_>,
) -> Result<Form, ApiError> {
    let limits = &gate.settings.limits;
    let mut gathered = Gathered::new(blobs.reserve());
    let mut file = None;
    loop {
        meter.begin();
        let next = parts.next_field().await.map_err(fault)?;
        meter.end();
        let Some(mut part) = next else { break };
        let name = part.name().unwrap_or_default().to_owned();
        if name.len() > NAME_MAX || part.file_name().is_some_and(|name| name.len() > FILENAME_MAX) {
            return Err(ApiError::bad_request(format!(
                "Invalid multipart body: a field's name may have {NAME_MAX} bytes, a file's {FILENAME_MAX}"
            )));
        }
        let is_file = part.file_name().is_some() || part.content_type().is_some_and(|kind| kind.type_() != "text");
        if name == "file" {
            if file.is_some() {
                return Err(ApiError::bad_request("Parameter file is given more than once"));
            }
            // What came before the file may tell already that it is not wanted.
            let mut room = blobs.reserve_early();
            if gate.credentials {
                let params = gathered.params();
                auth::check_early(gate.settings, &params)?;
                // Not yet is no refusal: credentials may follow the file.
                if auth::authorize(gate.settings, gate.cloud, headers, &params).is_ok() {
                    room = blobs.reserve();
                }
            }
            file = Some(if is_file {
                receive(&mut part, blobs, room, limits).await?
            } else {
                let text = text(&mut part, &name, data_uri_max(limits), &mut room, limits).await?;
                gathered.hold_file(room);
                FileField::Text(text)
            });
            continue;
        }
        gathered.expect(&name, limits)?;
        let most = if (gate.known)(&name) { limits.field_max_bytes.min(gathered.left(limits)) } else { 0 };
        let value = match text(&mut part, &name, most, gathered.held(), limits).await {
            Err(_) if most == 0 && !(gate.known)(&name) => {
                return Err(ApiError::bad_request(format!("Unknown parameter - {name}")));
            }
            value => value?,
        };
        gathered.add(&name, value, limits)?;
    }
    Ok(gathered.finish(file))
}

async fn text(
    part: &mut multer::Field<'_>,
    name: &str,
    most: u64,
    held: &mut Reservation,
    limits: &Limits,
) -> Result<String, ApiError> {
    let mut value = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(fault)? {
        if (value.len() + piece.len()) as u64 > most {
            return Err(if most < limits.field_max_bytes {
                Gathered::too_much(limits)
            } else {
                too_long(name, limits)
            });
        }
        held.grow(piece.len() as u64)?;
        value.extend_from_slice(&piece);
    }
    String::from_utf8(value).map_err(|_| ApiError::invalid(name, "it is not UTF-8"))
}

async fn receive(
    part: &mut multer::Field<'_>,
    blobs: &Blobs,
    room: Reservation,
    limits: &Limits,
) -> Result<FileField, ApiError> {
    let filename = part.file_name().map(str::to_owned);
    let most = limits.image_max_bytes.max(limits.raw_max_bytes);
    let mut spool = blobs.receive_into(room).await?;
    while let Some(piece) = part.chunk().await.map_err(fault)? {
        let length = spool.length() + piece.len() as u64;
        if length > most {
            drop(spool);
            return count_rest(part, length).await;
        }
        spool.write(&piece).await?;
    }
    Ok(FileField::Part { content: spool.finish().await?, filename })
}

/// Reads on without keeping anything: the refusal tells how large the file was, and a client that is still sending would
/// not read it.
async fn count_rest(part: &mut multer::Field<'_>, mut length: u64) -> Result<FileField, ApiError> {
    while let Some(piece) = part.chunk().await.map_err(fault)? {
        length += piece.len() as u64;
    }
    Ok(FileField::TooLarge(length))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn fault(error: multer::Error) -> ApiError {
    if let multer::Error::StreamReadFailed(cause) = &error
        && let Some(fault) = cause.downcast_ref::<BodyFault>()
    {
        return (*fault).into();
    }
    ApiError::bad_request(format!("Invalid multipart body: {error}"))
}
