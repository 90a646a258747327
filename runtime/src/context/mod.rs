//! Fields that follow the work, and what it did last: so that a skip says for whom it was skipped.
//!
//! A handler that fails knows its event, and not the order, tenant or request for which it was
//! emitted. Whoever knows says so once, around the work, and every record of a skip in it has it:
//!
//! ```
//! use gambeson::context::{self, Context};
//!
//! context::scope([("tenant", "acme")], || {
//!     context::scope([("order_id", "A-1")], || {
//!         context::breadcrumb("the card was charged");
//!         assert_eq!(Context::current().to_string(), r#"tenant="acme" order_id="A-1""#);
//!     });
//!     let context = Context::current();
//!     assert!(context.get("order_id").is_none());
//!     assert_eq!(context.breadcrumbs(), ["the card was charged"]);
//! });
//! assert!(Context::current().is_empty());
//! ```
//!
//! Scopes nest: the fields of the inner one are laid over those around it, and when it ends, also by
//! a panic, there is again what was there before. A future has its fields wherever it is polled, and
//! where it is dropped:
//!
//! ```
//! use gambeson::context::{Context, InContext};
//!
//! let greeting = async { Context::current().to_string() }.in_context([("order_id", "A-1")]);
//! # use std::{future::Future, pin::pin, task};
//! # let task::Poll::Ready(greeting) =
//! #     pin!(greeting).poll(&mut task::Context::from_waker(task::Waker::noop()))
//! # else { panic!() };
//! assert_eq!(greeting, r#"order_id="A-1""#);
//! ```
//!
//! # Threads and tasks
//!
//! A thread or a task begins without a context. It is carried there, and costs one counted reference:
//!
//! ```
//! use gambeson::context::{self, Context};
//!
//! context::scope([("order_id", "A-1")], || {
//!     let context = Context::current();
//!     let thread = std::thread::spawn(move || {
//!         context.scope(|| Context::current().get("order_id").is_some())
//!     });
//!     assert!(thread.join().unwrap());
//! });
//! ```
//!
//! For a task that is `tokio::spawn(work().in_current_context())`. Async handlers have the context of
//! whoever emitted the event, without further ado.
//!
//! # What it costs and what it keeps
//!
//! Nothing is asked for by an emission that goes well. A context has at most 32 fields with names of
//! at most 64 bytes, and [says](Context::is_cut) where there were others; a text keeps 1,024 bytes,
//! and a work 32 breadcrumbs of 256. Where it is written, what the
//! [config](crate::docs::config) redacts is redacted, by the names of the fields, and text is
//! escaped.
//!
//! It needs no telemetry, waits for nothing and works where others do not: before a start and after a
//! shutdown, in a panic hook, while a thread unwinds, in the destructors of thread-locals.

mod current;
mod field;
mod future;
mod trail;

#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    fmt::{self, Write},
    sync::{Arc, Weak},
};

pub(crate) use self::field::Field;
pub use self::future::{Contextual, InContext};
use self::{
    current::Entered,
    field::{Fields, MOST_FIELDS},
    trail::Trail,
};
use crate::{
    escape::Bounded,
    event::{ToValue, Value},
};

/// Runs code with these fields, laid over those of the [current](Context::current) context.
///
/// Values of one type are given as they are. Those of several are made one type by
/// [`to_value`](ToValue::to_value), or laid over one another by [`Context::with`]:
///
/// ```
/// use gambeson::{ToValue, context::{self, Context}};
///
/// let order = String::from("A-1");
/// context::scope([("order_id", order.to_value()), ("lines", 3.to_value())], || {
///     assert_eq!(Context::current().to_string(), r#"order_id="A-1" lines=3"#);
/// });
/// Context::current().with("order_id", &order).with("lines", 3).scope(|| ());
/// ```
///
/// What was there before is there again when the code ends, however it ends.
pub fn scope<K, V, R>(fields: impl IntoIterator<Item = (K, V)>, code: impl FnOnce() -> R) -> R
where
    K: Into<Cow<'static, str>>,
    V: ToValue,
{
    Context::current()
        .over(&Fields::capture(fields))
        .scope(code)
}

/// Notes what the work does now, for the records of skips that come later in it.
///
/// The last 32 are kept, each cut at 256 bytes, and escaped. They belong to the work: scopes inside
/// one another share them, as do the threads and tasks that its context is carried to, and they go
/// with the outermost scope. Outside every scope there is no work, and nothing is formatted or kept.
/// In a panic hook, where a panic of its `Display` would end the process, a marker is kept instead.
///
/// ```
/// use gambeson::context::{self, Context};
///
/// context::scope([("order_id", "A-1")], || {
///     context::breadcrumb(format_args!("{} lines were read", 3));
///     assert_eq!(Context::current().breadcrumbs(), ["3 lines were read"]);
/// });
/// ```
pub fn breadcrumb(text: impl fmt::Display) {
    if let Some(inner) = Context::current().0 {
        inner.trail.leave(&text);
    }
}

/// The fields and breadcrumbs of a piece of work, to be read, and to be carried elsewhere.
///
/// The default is the empty one: in its [scope](Context::scope) nothing of what is around is seen.
#[derive(Clone, Default)]
pub struct Context(Option<Arc<Inner>>);

struct Inner {
    fields: Fields,
    trail: Arc<Trail>,
    /// What this was laid over.
    outer: Weak<Inner>,
}

impl Context {
    const EMPTY: Self = Context(None);

    /// The context of the innermost scope or future that this thread is in. One counted reference.
    pub fn current() -> Self {
        current::get()
    }

    /// This context with one more field over it. A field of the same name gives way.
    #[must_use]
    pub fn with(&self, key: impl Into<Cow<'static, str>>, value: impl ToValue) -> Self {
        self.over(&Fields::capture([(key, value)]))
    }

    /// Runs code in exactly this context, and not in that of this thread.
    pub fn scope<R>(&self, code: impl FnOnce() -> R) -> R {
        let _entered = Entered::new(self.clone());
        code()
    }

    /// A future that has exactly this context in each of its polls and in its drop.
    pub fn follow<F: Future>(self, future: F) -> Contextual<F> {
        Contextual::exactly(future, self)
    }

    /// The value of a field.
    pub fn get(&self, key: &str) -> Option<Value<'_>> {
        let field = self.kept().find(|field| field.key() == key);
        field.map(Field::value)
    }

    /// The fields, from the outermost scope to the innermost. One that a scope replaced keeps its
    /// place.
    pub fn fields(&self) -> impl Iterator<Item = (&str, Value<'_>)> {
        self.kept().map(|field| (field.key(), field.value()))
    }

    /// Whether there are no fields.
    pub fn is_empty(&self) -> bool {
        self.kept().next().is_none()
    }

    /// Whether a field is missing: there were too many, its name was too long, or its value panicked.
    pub fn is_cut(&self) -> bool {
        self.0.as_ref().is_some_and(|inner| inner.fields.is_cut())
    }

    /// What the work noted last, the oldest first, escaped.
    pub fn breadcrumbs(&self) -> Vec<String> {
        let crumbs = self.0.as_ref().map(|inner| inner.trail.crumbs());
        let crumbs = crumbs.iter().flatten();
        crumbs.map(|crumb| crumb.text.to_string()).collect()
    }

    /// The fields as they are kept.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &Field> {
        let inner = self.0.as_ref();
        inner.into_iter().flat_map(|inner| inner.fields.iter())
    }

    /// These fields over the ones that are here. Without any here, a work begins.
    fn over(&self, fields: &Fields) -> Self {
        let inner = match &self.0 {
            Some(outer) => Inner {
                fields: outer.fields.under(fields),
                trail: Arc::clone(&outer.trail),
                outer: Arc::downgrade(outer),
            },
            None => Inner {
                fields: Fields::default().under(fields),
                trail: Arc::default(),
                outer: Weak::new(),
            },
        };
        Context(Some(Arc::new(inner)))
    }

    /// Whether this was laid over the other one, or over one that was.
    fn is_inside(&self, other: &Context) -> bool {
        let Some(other) = &other.0 else { return true };
        let outer = |inner: &Arc<Inner>| inner.outer.upgrade();
        std::iter::successors(self.0.clone(), outer).any(|inner| Arc::ptr_eq(&inner, other))
    }

    /// Whether this was laid over exactly the other one.
    fn is_right_inside(&self, other: &Context) -> bool {
        let pair = self.0.as_ref().zip(other.0.as_ref());
        pair.is_some_and(|(inner, other)| inner.outer.as_ptr() == Arc::as_ptr(other))
    }
}

/// How much of a context is displayed: all of it, with every value as long as it may be.
const DISPLAYED: usize = MOST_FIELDS * 8 * 1024;

/// `key="text" key=number`, escaped. It is not redacted: what that is depends on a telemetry's
/// config.
impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Bounded::new(DISPLAYED);
        let mut separator = "";
        for (key, value) in self.fields() {
            text.write_str(separator)?;
            value.write_pair(key, &mut text)?;
            separator = " ";
        }
        if self.is_cut() {
            write!(text, "{separator}..")?;
        }
        f.write_str(&text.finish().text)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("fields", &self.fields().collect::<Vec<_>>())
            .field("breadcrumbs", &self.breadcrumbs())
            .finish()
    }
}
