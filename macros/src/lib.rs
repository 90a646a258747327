//! The macros of [gambeson], which re-exports them: depend on `gambeson`, not on this crate.
//!
//! [gambeson]: https://docs.rs/gambeson

#![forbid(unsafe_code)]

mod body;
mod checks;
mod classify;
mod defensive_handler;
mod defensive_handlers;
mod errors;
mod handler_path;
mod instrumented;
mod nearest;
mod options;
mod private;
mod signature;
mod span;
mod tokens;

#[cfg(test)]
mod testing;

use proc_macro::TokenStream;

/// Defends a function: it can fail without hurting its caller or the code that it observes.
///
/// A panic is caught. A panic and an `Err` are classified, counted and recorded, and a call that
/// cannot be made, because a resource is gone or the handler is in quarantine, is skipped for a
/// reason. The signature never changes.
///
/// # With `on`: a registered handler
///
/// ```
/// # use gambeson::{Event, FieldError, Resource, defensive_handler};
/// # struct Ledger;
/// # impl Ledger {
/// #     fn insert(&self, _order: &str, _amount: f64) {}
/// # }
/// # static LEDGER: Resource<Ledger> = Resource::new("ledger");
/// # #[defensive_handler(on = "shop.order.*")]
/// # fn audit_order(_: &Event<'_>) {}
/// #[defensive_handler(on = "shop.order.stop", after(audit_order))]
/// fn record_sale(event: &Event<'_>, #[needs(LEDGER)] ledger: &Ledger) -> Result<(), FieldError> {
///     ledger.insert(event.text("order_id")?, event.number("amount")?);
///     Ok(())
/// }
/// # let event = Event::new("shop.order.stop", &[], &[]);
/// # assert!(record_sale(&event, &Ledger).is_err());
/// ```
///
/// The defended handler is attached when telemetry starts, and the function stays as it was
/// written, to be called and tested without any machinery. It is a free function, sync or async,
/// whose first parameter is `&Event<'_>`; each further one is `#[needs(RESOURCE)] name: &T` and
/// is lent by that resource for one call. It returns `()`, `Result<(), E>` or `Outcome<()>`.
///
/// A sync one runs on the thread that emits; with `queue = n` on a thread of its own, and an async one
/// as a task of the runtime that telemetry found when it started.
///
/// # Without `on`: a defended function
///
/// ```
/// # use gambeson::{Resource, defensive_handler};
/// # struct Till { totals: Vec<f64> }
/// # static LEDGER: Resource<()> = Resource::new("ledger");
/// # impl Till {
/// #[defensive_handler(needs(LEDGER), fallback = 0.0)]
/// fn takings(&self) -> f64 {
///     self.totals.iter().sum()
/// }
/// # }
/// # let till = Till { totals: vec![1.5, 2.5] };
/// # assert_eq!(till.takings(), 0.0);
/// # let _ledger = LEDGER.provide(());
/// # assert_eq!(till.takings(), 4.0);
/// ```
///
/// Every call is defended in place. Functions and methods of every kind can be: async, generic,
/// in traits, with any receiver, `unsafe`, `extern "C"`; only a `const fn` cannot. What a skip
/// yields is decided by the return type:
///
/// | returns | a skip yields |
/// |---|---|
/// | `()` | `()` |
/// | `Result<T, E>` where `E: From<Skip>` | `Err(skip.into())`; an `Err` of the body is recorded and passes unchanged |
/// | `Outcome<T>` | `Outcome::Skipped(skip)` |
/// | any other type | what `fallback` says, and without it the function does not compile |
///
/// A defended function is a handler like the registered ones: it can be paused and detached by its
/// name, and once the telemetry that it belongs to is shut down its calls are skipped as
/// `shutting_down`, so that nothing it uses is touched any more. What must run later than that is
/// not for this attribute. `enabled = false` and a sample in the config are about events, and leave
/// it alone.
///
/// `#[track_caller]` has no effect inside the body, which is a closure. A future that a sync
/// function returns is not defended itself, only the call that makes it.
///
/// # Options
///
/// | option | form | meaning |
/// |---|---|---|
/// | `on = "pattern"`, `on("p1", "p2")` | | the events: exact, `a.*` for one segment, `a.**` for the rest |
/// | `name = ".."` | both | the name in reports, rules and orders; by default module path and function |
/// | `needs(A, B)` | both | resources that are held during the call, without their value |
/// | `available = path` | both | a function or closure that says with `false` that the call is to be skipped; it is asked in every call, on the emitter's thread, and so must not block |
/// | `classify = path` | both | a function from `&E` to `SkipReason`, in place of `E: Classify`; `E` is `Display` |
/// | `quarantine(failures = 5, within = "10s", cooldown = "1s")` | both | limits of its own; each can be left out |
/// | `quarantine = false` | both | never in quarantine |
/// | `budget = "5ms"` | both | slower calls are counted and told, and count as failures for the quarantine |
/// | `queue = 64` | `on` | runs off the emitter's thread, in order; so many events may wait, and the next one is skipped as `overloaded`. An async handler has a queue of 1,024 without it |
/// | `before(..)`, `after(..)` | `on` | the order among handlers, by name or by the function's path |
/// | `fallback = value`, `fallback = \|skip\| value` | plain | what a skip yields; evaluated for a skip only |
/// | `crate = ::path` | both | the gambeson crate under another name |
///
/// The fallback of an async function cannot use arguments that the body takes by value, since the
/// body owns them.
///
/// # Errors
///
/// Patterns, durations and limits are checked when the function is compiled. Every mistake in the
/// options and in the signature is told at once, each at its place.
#[proc_macro_attribute]
pub fn defensive_handler(options: TokenStream, item: TokenStream) -> TokenStream {
    defensive_handler::expand(options.into(), &item.into()).into()
}

/// Registers the handlers of a module together, which compiles faster than one by one.
///
/// ```
/// # use gambeson::{Telemetry, defensive_handlers};
/// #[defensive_handlers]
/// mod audit {
///     use gambeson::{Event, defensive_handler};
///
///     #[defensive_handler(on = "shop.order.*")]
///     fn print_order(event: &Event<'_>) {
///         println!("{event}");
///     }
///
///     #[defensive_handler(on = "shop.till.*")]
///     fn print_till(event: &Event<'_>) {
///         println!("{event}");
///     }
/// }
/// # let builder = Telemetry::builder().isolated();
/// # let telemetry = builder.filter(|name| name.contains("::audit::")).start()?;
/// # assert_eq!(telemetry.handlers().len(), 2);
/// # Ok::<(), gambeson::StartError>(())
/// ```
///
/// Nothing else is different: each function with `#[defensive_handler(..)]` is what it would be
/// without this attribute. It is for modules with many handlers; of the time that an annotated
/// handler takes to compile, a third goes into its own registration.
///
/// The module is written inline. The handlers of modules in it, and those that a macro makes or
/// that have the attribute under another name, register themselves as ever.
///
/// The only option is `crate = ::path`, for a gambeson under another name; its handlers need not
/// say it again.
#[proc_macro_attribute]
pub fn defensive_handlers(options: TokenStream, item: TokenStream) -> TokenStream {
    defensive_handlers::expand(options.into(), &item.into()).into()
}

/// Implements `Classify` for an error: for which reason is a call skipped that fails with it?
///
/// ```
/// # use gambeson::{Classify, SkipReason};
/// #[derive(Debug, thiserror::Error, Classify)]
/// enum LedgerError {
///     #[error("the ledger is locked")]
///     #[skip(overloaded)]
///     Locked,
///     #[error(transparent)]
///     File(#[from] std::io::Error),
/// }
/// # assert_eq!(LedgerError::Locked.classify(), Some(SkipReason::Overloaded));
/// # let gone = std::io::Error::from(std::io::ErrorKind::NotFound);
/// # assert_eq!(LedgerError::File(gone).classify(), Some(SkipReason::StateUnavailable));
/// ```
///
/// For each variant of an enum, or for a struct as a whole:
/// 1. `#[skip(reason)]` states the reason, by its code;
/// 2. else the cause is asked: the field with `#[from]` or `#[source]`, or the one named `source`,
///    or the only field of `#[error(transparent)]`. It answers with its own `Classify`, or its
///    chain of sources is followed;
/// 3. else there is no answer, and the reason is `unexpected`.
///
/// The codes are `unavailable`, `state_unavailable`, `state_corrupted`, `resource_exhausted`,
/// `not_implemented`, `contract_violation`, `peer_dead`, `shutting_down`, `timed_out`,
/// `cancelled`, `overloaded`, `reentrant`, `in_panic_hook`, `quarantined`, `disabled` and
/// `unexpected`. `#[skip(crate = ::path)]` on the type names the gambeson crate when it is
/// renamed.
#[proc_macro_derive(Classify, attributes(skip, source))]
pub fn classify(input: TokenStream) -> TokenStream {
    classify::expand(input.into()).into()
}

/// Instruments a function: a start event, then a stop or an exception, and a span of tracing.
///
/// ```
/// # use gambeson::instrumented;
/// # struct Checkout;
/// # #[derive(Debug)]
/// # struct Order { id: u32 }
/// # struct Card;
/// # impl Card {
/// #     async fn charge(&self, order: &Order) -> Result<u32, std::fmt::Error> { Ok(order.id) }
/// # }
/// impl Checkout {
///     #[instrumented(event = "shop.order", skip(self, card), fields(order_id = %order.id), err)]
///     pub async fn place(&self, order: Order, card: Card) -> Result<u32, std::fmt::Error> {
///         card.charge(&order).await
///     }
/// }
/// ```
///
/// A call emits `shop.order.start`, and when it ends, whichever way that is, exactly one of
/// - `shop.order.stop`, with the measurement `duration` in seconds;
/// - `shop.order.exception`, with `duration`, and in the metadata the `kind` (`error`, `panic` or
///   `cancelled`), the `reason` of the failure, the `error`'s text with its sources, and the fields
///   of the current context. An `Err` is returned and a panic goes on unchanged; a future that is
///   dropped before its end was cancelled.
///
/// Each event carries the written fields, and its end also what `gambeson::measure` was told in the
/// body. Meanwhile a span of tracing is open, as under `#[tracing::instrument]`, whose options are
/// all taken with their meaning; an async function is in it during each poll and when its future is
/// dropped. A call that succeeds adds nothing to what tracing's own attribute records. One that
/// fails leaves `error.type` (the reason's code, `_OTHER` for `unexpected`), `exception.type`,
/// `exception.message` and, unless that is expected of its surroundings, `otel.status_code` on the
/// span; a panic also leaves a record at level `ERROR` in it, and a cancelled call under `err` or
/// `ret` one at the span's level.
///
/// A value is asked for at most once in a call, and only where a handler, a subscriber or the debug
/// log wants it. A `Debug` or `Display` that panics becomes a marker. Where nobody wants to know of
/// the call, it costs one relaxed load and a branch.
///
/// Functions and methods of every kind can be instrumented: async, generic, in traits, with any
/// receiver, `-> impl Trait`, `-> !`; only a `const fn` cannot. A sync function that returns a
/// future, as `impl Future` or in a `Pin<Box<dyn Future>>` under whatever name, is recognised by its
/// type: its call lasts until the future ends, and the future is what runs in the span.
///
/// # Options
///
/// | option | meaning |
/// |---|---|
/// | `event = "shop.order"` | the first segments of the events' names; by default module path and function |
/// | `name = ".."`, `".."` | the span's name, a literal or a constant; by default the function's |
/// | `target = ".."` | the span's target, a literal or a constant; by default the module |
/// | `level = "debug"`, `2`, `Level::DEBUG` | the span's level; by default `info` |
/// | `skip(a, self)`, `skip_all` | arguments that the span does not record |
/// | `sensitive(card)` | arguments and fields that are recorded as `[redacted]`, everywhere; what they hold is kept out of what is told of the call, as below |
/// | `fields(..)` | values for the span and the events, as below |
/// | `parent = &span` | the span that the call's is in: a span, its id or `None`; by default the current one |
/// | `follows_from = [&span]` | spans that caused the call's, or their ids |
/// | `err`, `err(Debug, level = "warn")` | tells an `Err`, or a `None`, as an event of tracing; by default its `Display`, as an error |
/// | `ret`, `ret(Display, level = "debug")` | tells a returned value, of a `Result` only the `Ok`; by default its `Debug`, at the span's level |
/// | `defend`, `fallback = value` | every call is also defended, as by `#[defensive_handler]` without `on`: a panic is told and then contained, and the call yields what a skip does |
/// | `crate = ::path` | the gambeson crate under another name |
///
/// `parent` and `follows_from` are evaluated only where there is a span. Commas between options can
/// be left out, as in tracing.
///
/// The span records every argument that is not skipped: numbers, truth values and strings as they
/// are, other types by their `Debug`, and those that have none by their type's name. What a
/// destructuring pattern binds is always recorded by its `Debug`, as in tracing.
///
/// | field | records |
/// |---|---|
/// | `key = value` | a number, a truth value, a string, or another `tracing::Value` |
/// | `key = %value`, `key = ?value` | its `Display`, its `Debug` |
/// | `%path.to.field`, `?path.to.field` | the same, under the path as its key |
/// | `key` | nothing yet; `Span::record` gives the span its value later, and events do not have it |
///
/// A key is a name, a dotted name, a string literal, or a constant in braces. A field takes the
/// place of the argument of its name.
///
/// # Secrets
///
/// What a call's error, its panic or its value quotes of an argument that is a secret is told as
/// `[redacted]` to handlers, to the span, by `err` and `ret`, and in the debug log. A secret is a
/// `gambeson::Secret`, also as an `Option` or behind a reference, and a `sensitive` text, number or
/// truth value. Sensitive values of other types, and sensitive fields, are never asked for, so that a
/// quotation of them cannot be known; nor is one in the record of a skip that `defend` makes of the
/// failure: put the secret into a context around the call for that.
///
/// Otherwise `err`, `ret` and the fields of the span show what the values do, as with tracing.
///
/// # The debug log
///
/// Where the config says `debug = true`, for all or in a rule for the function's path or its events,
/// a call's arguments and fields are logged when it starts, and its value and duration when it ends:
/// at level `DEBUG` with the target `gambeson`, redacted, bounded and rate-limited as records of
/// skips are. Functions without a value to look at, see below, log only that they ended.
///
/// # Limits
///
/// The body of a function that returns `()` or `!` stays as it was written, behind a guard; so does
/// that of one with `#[track_caller]`, unless `err` or `ret` asks for its value. Its caller is then
/// the one that `Location::caller` finds, and an `Err` is told as a stop, since nobody looks at it.
/// All other bodies become closures, in which `#[track_caller]` has no effect.
///
/// What a panic says is learnt from the panic hook. A hook that is set over gambeson's without
/// calling it keeps that to itself: then the exception says only that there was a panic. One that
/// begins while the thread unwinds already, in a function without a value, passes for a stop.
///
/// In a function whose body is a closure or a future, a field sees what a destructuring parameter
/// binds as references. The fallback of tracing's feature `log` is not made.
///
/// # Errors
///
/// Every mistake in the options and in the signature is told at once, each at its place.
#[proc_macro_attribute]
pub fn instrumented(options: TokenStream, item: TokenStream) -> TokenStream {
    instrumented::expand(options.into(), &item.into()).into()
}

/// The site of a registered handler, by the path of its function.
///
/// ```
/// # mod shop { pub mod billing {
/// #     #[gambeson::defensive_handler(on = "shop.order.stop")]
/// #     pub fn record_sale(_: &gambeson::Event<'_>) {}
/// # } }
/// # use gambeson::{Telemetry, handler};
/// let telemetry = Telemetry::isolated();
/// telemetry.attach(handler!(shop::billing::record_sale))?;
/// # assert!(telemetry.handlers()[0].ends_with("shop::billing::record_sale"));
/// # Ok::<(), gambeson::AttachError>(())
/// ```
///
/// The function has `#[defensive_handler(on = ..)]`, and the site is as visible as the function. It
/// stands beside the function and is not imported with it: where the function is imported by its
/// name alone, write the path through its module.
#[proc_macro]
pub fn handler(input: TokenStream) -> TokenStream {
    handler_path::expand(input.into()).into()
}
