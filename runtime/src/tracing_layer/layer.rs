//! What tracing tells the layer. No lock of a span is held while a value is formatted or a handler
//! runs.

use tracing::{
    Dispatch, Event, Subscriber,
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{
    Layer,
    layer::Context,
    registry::{ExtensionsMut, LookupSpan},
};

use super::{
    callsites::{self, Sites},
    fields::Fields,
    interest, log_records,
    open_span::OpenSpan,
    subscribers,
    told::Told,
};
use crate::{contain, event::ToNumber, running::Telling};

/// Tells handlers of spans and events. While it is there, the answers that tracing keeps stay true.
#[derive(Debug)]
pub(super) struct Teller(());

impl Teller {
    pub(super) fn new() -> Self {
        interest::layer_made();
        Teller(())
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        interest::layer_dropped();
    }
}

impl<S> Layer<S> for Teller
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_register_dispatch(&self, subscriber: &Dispatch) {
        subscribers::follow(subscriber);
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let metadata = attributes.metadata();
        let Some(callsite) = callsites::find(metadata) else {
            return;
        };
        let Some(_telling) = Telling::begin() else {
            return;
        };
        let fields = Fields::of(|visit| attributes.record(visit));
        let span = OpenSpan::new(metadata, callsite, fields);
        if let Sites::Span { start, .. } = &callsite.sites {
            told(&span).emit(start, &[]);
        }
        with_extensions(&context, id, |kept| drop(kept.replace(span)));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let later = Fields::of(|visit| values.record(visit));
        with_span(&context, id, |span| span.fields.update(later));
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        with_span(&context, id, OpenSpan::enter);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        with_span(&context, id, OpenSpan::exit);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let mut closed = None;
        with_extensions(&context, &id, |kept| closed = kept.remove::<OpenSpan>());
        let Some(span) = closed else {
            return;
        };
        // Also where a handler closes it: its start was told.
        let _telling = Telling::begin();
        if let Sites::Span { stop, .. } = &span.callsite.sites {
            let duration = span.duration().to_number();
            let busy = span.busy().to_number();
            told(&span).emit(stop, &[("duration", duration), ("busy", busy)]);
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let Some(_telling) = Telling::begin() else {
            return;
        };
        let metadata = event.metadata();
        let fields = Fields::of(|visit| event.record(visit));
        let (callsite, target) = if log_records::is_record(metadata) {
            let target = log_records::target_of(&fields).unwrap_or(metadata.target());
            (log_records::of(target), target)
        } else {
            (callsites::find(metadata), metadata.target())
        };
        let told = Told {
            level: metadata.level(),
            target,
            fields: &fields,
        };
        if let Some(Sites::Event(site)) = callsite.map(|callsite| &callsite.sites) {
            told.emit(site, &[]);
        }
    }
}

fn told(span: &OpenSpan) -> Told<'_> {
    Told {
        level: span.metadata.level(),
        target: span.metadata.target(),
        fields: &span.fields,
    }
}

fn with_span<S>(context: &Context<'_, S>, id: &Id, change: impl FnOnce(&mut OpenSpan))
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    with_extensions(context, id, |kept| {
        kept.get_mut().map(change);
    });
}

/// Lends what is kept with a span; under guard, since the lock may be poisoned.
fn with_extensions<S>(context: &Context<'_, S>, id: &Id, code: impl FnOnce(&mut ExtensionsMut<'_>))
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    contain::attempt(|| {
        if let Some(span) = context.span(id) {
            code(&mut span.extensions_mut());
        }
    });
}
