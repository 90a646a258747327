//! The context of a future: entered for each poll, and for its drop.

use std::{
    borrow::Cow,
    pin::Pin,
    task::{self, Poll},
};

use pin_project_lite::pin_project;

use super::{Context, Entered, Fields};
use crate::event::ToValue;

/// Gives a future a context. Implemented for every future.
pub trait InContext: Future + Sized {
    /// The future with these fields over the context of this moment, in each of its polls and in its
    /// drop, on whatever threads that is.
    ///
    /// Where it is polled inside a scope that was entered in that context since, as a future is
    /// that is awaited there, the fields are laid over those of that scope.
    ///
    /// ```
    /// use gambeson::context::InContext;
    /// # async fn place(order: &str) {}
    /// # async fn serve() {
    /// place("A-1").in_context([("order_id", "A-1")]).await;
    /// # }
    /// ```
    fn in_context<K, V>(self, fields: impl IntoIterator<Item = (K, V)>) -> Contextual<Self>
    where
        K: Into<Cow<'static, str>>,
        V: ToValue,
    {
        Contextual::over(self, Context::current(), Fields::capture(fields))
    }

    /// The future with the context of this moment, for a task that is spawned.
    fn in_current_context(self) -> Contextual<Self> {
        Context::current().follow(self)
    }
}

impl<F: Future> InContext for F {}

pin_project! {
    /// A future in its context: what [`InContext`] and [`Context::follow`] make.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are polled"]
    pub struct Contextual<F> {
        // There until the drop.
        #[pin]
        future: Option<F>,
        context: Context,
        laid: Option<Laid>,
    }

    impl<F> PinnedDrop for Contextual<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _entered = Entered::new(this.context.clone());
            this.future.set(None);
        }
    }
}

/// Fields that are laid over a context.
struct Laid {
    fields: Fields,
    base: Context,
}

impl<F> Contextual<F> {
    pub(super) fn exactly(future: F, context: Context) -> Self {
        Contextual {
            future: Some(future),
            context,
            laid: None,
        }
    }

    fn over(future: F, base: Context, fields: Fields) -> Self {
        Contextual {
            future: Some(future),
            context: base.over(&fields),
            laid: Some(Laid { fields, base }),
        }
    }
}

impl<F: Future> Future for Contextual<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut task::Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if let Some(laid) = this.laid {
            laid.follow(this.context);
        }
        let _entered = Entered::new(this.context.clone());
        match this.future.as_pin_mut() {
            Some(future) => future.poll(task),
            None => Poll::Pending,
        }
    }
}

impl Laid {
    /// Lays the fields over the scope in which the future is polled, if that is one of its own: the
    /// scope of whoever runs an executor says nothing about its tasks.
    fn follow(&self, context: &mut Context) {
        let around = Context::current();
        let is_known = around.0.is_none() || context.is_right_inside(&around);
        if !is_known && around.is_inside(&self.base) {
            *context = around.over(&self.fields);
        }
    }
}

impl std::fmt::Debug for Laid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.base.fmt(f)
    }
}
