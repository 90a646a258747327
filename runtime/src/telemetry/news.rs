//! What becomes of resources, told to people and to handlers.

use crate::{
    config::DebugLog,
    diagnostics::notice,
    emit,
    reason::SkipReason,
    resource::{News, What},
};

/// Writes a record of what went wrong, and emits `gambeson.resource.down` or `.up`.
pub(super) fn tell(news: &News<'_>) {
    let resource = news.resource;
    let ticket = || news.limiters.transition(&DebugLog::default());
    match news.what {
        What::Down(down) => {
            // A revocation is nobody's failure.
            if down.reason != SkipReason::ShuttingDown
                && let Some(ticket) = ticket()
            {
                notice::resource_down(down, ticket);
            }
            let (reason, cause) = (down.reason.code(), down.cause.as_str());
            emit!("gambeson.resource.down", {}, { resource, reason, cause });
        }
        What::Up { recovered } => {
            if recovered && ticket().is_some() {
                notice::resource_up(resource);
            }
            emit!("gambeson.resource.up", {}, { resource, recovered });
        }
    }
}
