//! What becomes of resources, told to people and to handlers.

use std::sync::Arc;

use tracing::dispatcher;

use crate::{
    config::DebugLog,
    context::Context,
    diagnostics::notice,
    emit,
    hazard::current_thread_id,
    instance::{alive, scope},
    reason::SkipReason,
    resource::{News, Tell, What},
};

/// Tells as if it were here and now, whatever thread does so in the end.
pub(super) fn teller() -> Tell {
    let here = current_thread_id();
    let subscriber = dispatcher::get_default(Clone::clone);
    let context = Context::current();
    let entered = scope::entered();
    Box::new(move |news| {
        if here.is_some() && here == current_thread_id() {
            return tell(news);
        }
        dispatcher::with_default(&subscriber, || {
            context.scope(|| {
                let _entered = entered.as_ref().map(scope::Entered::new);
                tell(news);
            });
        });
    })
}

/// Writes a record of what went wrong, and emits `gambeson.resource.down` or `.up` to the
/// telemetry that this thread is in, and to all others that use the resource.
fn tell(news: &News<'_>) {
    write(news);
    emit(news);
    let current = scope::with_current(Arc::clone);
    for user in alive::users(news.resource) {
        if !current
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(current, &user))
        {
            let _entered = scope::Entered::new(&user);
            emit(news);
        }
    }
}

fn write(news: &News<'_>) {
    let ticket = || news.limiters.transition(&DebugLog::default());
    match news.what {
        // A revocation is nobody's failure.
        What::Down(down) if down.reason == SkipReason::ShuttingDown => {}
        What::Down(down) => {
            if let Some(ticket) = ticket() {
                notice::resource_down(down, ticket);
            }
        }
        What::Up { recovered } => {
            if *recovered && ticket().is_some() {
                notice::resource_up(news.resource.name);
            }
        }
    }
}

fn emit(news: &News<'_>) {
    let resource = news.resource.name;
    match news.what {
        What::Down(down) => {
            let (reason, cause) = (down.reason.code(), down.cause.as_str());
            emit!("gambeson.resource.down", {}, { resource, reason, cause });
        }
        What::Up { recovered } => {
            emit!("gambeson.resource.up", {}, { resource, recovered = *recovered });
        }
    }
}
