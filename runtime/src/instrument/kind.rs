//! What a function returns, found by its type: a value, or a future that is a part of the call.

use std::{future::Future, marker::PhantomData, pin::Pin};

use super::{
    call::{Call, Running},
    future::{Instrumented, Pending},
    open::Open,
    seen::{Seen, seen},
};

/// The body of a function, to be asked for the kind of what it returns.
pub struct Body<F, R> {
    code: F,
    returns: PhantomData<fn() -> R>,
}

/// Keeps a body until it is known what to do with its value.
#[inline]
pub fn body<R, F: FnOnce() -> R>(code: F) -> Body<F, R> {
    Body {
        code,
        returns: PhantomData,
    }
}

/// The body returns a value.
#[derive(Debug)]
pub struct ValueKind;

/// The body returns a value of a type that only its caller names.
#[derive(Debug)]
pub struct OpaqueKind;

/// A value of such a type, before it was looked at.
#[derive(Debug)]
pub struct Ran<R> {
    running: Running,
    value: R,
}

/// The body returns a future of a type that only its caller names.
#[derive(Debug)]
pub struct FutureKind;

/// The body returns a future in a box.
#[derive(Debug)]
pub struct BoxedKind;

/// A body that returns a boxed future; to be asked with `(&&body).gambeson_kind()`.
pub trait ReturnsBoxed {
    /// What it returns.
    fn gambeson_kind(&self) -> BoxedKind {
        BoxedKind
    }
}

/// Any other body.
pub trait ReturnsValue {
    /// What it returns.
    fn gambeson_kind(&self) -> ValueKind {
        ValueKind
    }
}

/// A body of an opaque type that is a future; to be asked with `(&&body).gambeson_opaque_kind()`.
pub trait ReturnsFuture {
    /// What it returns.
    fn gambeson_opaque_kind(&self) -> FutureKind {
        FutureKind
    }
}

/// Any other body of an opaque type.
pub trait ReturnsOpaque {
    /// What it returns.
    fn gambeson_opaque_kind(&self) -> OpaqueKind {
        OpaqueKind
    }
}

/// A box that holds a future, and can hold another one in its place.
pub trait BoxedFuture: Future + Sized {
    /// The same type, with the call round the future.
    fn instrumented(self, open: Box<Open>, seen: Look<Self::Output>) -> Self;
}

/// A look at a value. Unlike a closure it is as free as the value's type, whatever the function
/// that it is written in is generic over.
pub(super) type Look<T> = for<'v> fn(&'v T) -> Seen<'v>;

macro_rules! boxed {
    ($($($auto:ident)*),+ $(,)?) => {$(
        impl<'a, F, T> ReturnsBoxed
            for &Body<F, Pin<Box<dyn Future<Output = T> $(+ $auto)* + 'a>>>
        {
        }

        impl<'a, T: 'a> BoxedFuture for Pin<Box<dyn Future<Output = T> $(+ $auto)* + 'a>> {
            fn instrumented(self, open: Box<Open>, seen: Look<T>) -> Self {
                Box::pin(Instrumented::new(Some(open), self, seen))
            }
        }
    )+};
}

boxed!(, Send, Sync, Send Sync);

impl<F, R> ReturnsValue for Body<F, R> {}
impl<F, R: Future> ReturnsFuture for &Body<F, R> {}
impl<F, R> ReturnsOpaque for Body<F, R> {}

#[expect(clippy::unused_self, reason = "a kind is found as a value")]
impl ValueKind {
    /// Runs the body in the call.
    #[inline]
    pub fn run<R>(
        self,
        call: Call,
        body: Body<impl FnOnce() -> R, R>,
        seen: impl Fn(&R) -> Seen<'_>,
    ) -> R {
        let running = call.enter().awaiting_value();
        let value = (body.code)();
        running.end(|| seen(&value));
        value
    }
}

#[expect(clippy::unused_self, reason = "a kind is found as a value")]
impl OpaqueKind {
    /// Runs the body in the call, which ends when its value was looked at.
    #[inline]
    pub fn run<R>(self, call: Call, body: Body<impl FnOnce() -> R, R>) -> Ran<R> {
        let running = call.enter().awaiting_value();
        let value = (body.code)();
        Ran { running, value }
    }
}

impl<R> Ran<R> {
    /// The value; written for its type.
    #[inline]
    pub fn into_value(self) -> R {
        self.value
    }

    /// The value, once it was looked at.
    #[inline]
    pub fn look(self, seen: impl Fn(&R) -> Seen<'_>) -> R {
        self.running.end(|| seen(&self.value));
        self.value
    }
}

#[expect(clippy::unused_self, reason = "a kind is found as a value")]
impl FutureKind {
    /// Runs the body, and makes the future that it returns a part of the call.
    #[inline]
    pub fn run<R: Future>(
        self,
        call: Call,
        body: Body<impl FnOnce() -> R, R>,
    ) -> Instrumented<R, Look<R::Output>> {
        let pending = Pending::new(call);
        let future = (body.code)();
        Instrumented::new(pending.into_open(), future, |_| seen(None, None))
    }
}

impl<R: Future> Instrumented<R, Look<R::Output>> {
    /// The future; written for its type.
    #[inline]
    pub fn into_value(self) -> Self {
        self
    }
}

#[expect(clippy::unused_self, reason = "a kind is found as a value")]
impl BoxedKind {
    /// The same in a box; where nobody wants to know of the call, the box is the body's own.
    #[inline]
    pub fn run<R: BoxedFuture>(
        self,
        call: Call,
        body: Body<impl FnOnce() -> R, R>,
        seen: Look<R::Output>,
    ) -> R {
        let pending = Pending::new(call);
        let future = (body.code)();
        match pending.into_open() {
            Some(open) => future.instrumented(open, seen),
            None => future,
        }
    }
}

impl<F, R> std::fmt::Debug for Body<F, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body")
    }
}
