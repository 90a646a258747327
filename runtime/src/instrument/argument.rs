//! An argument of an instrumented function, shown in the best way that its type has: method
//! resolution takes the first trait below whose bounds hold.

use std::{any::type_name, fmt, num, num::Wrapping};

use super::{capture::Captured, values::Values};
use crate::contain::{self, Showing};

/// How much of an argument's text is kept, in bytes.
const ARGUMENT_CAP: usize = 1024;

/// An argument, to be captured with `(&&&Argument(&value)).gambeson_capture(values)`.
#[derive(Debug)]
pub struct Argument<'a, T: ?Sized>(pub &'a T);

/// A type whose values a span records as they are.
pub trait AsIs: tracing::Value {}

macro_rules! as_is {
    ($($type:ty),* $(,)?) => {$(
        impl AsIs for $type {}
    )*};
}

as_is! {
    bool, str, String, f32, f64,
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize,
    num::NonZeroI8, num::NonZeroI16, num::NonZeroI32, num::NonZeroI64, num::NonZeroI128,
    num::NonZeroIsize, num::NonZeroU8, num::NonZeroU16, num::NonZeroU32, num::NonZeroU64,
    num::NonZeroU128, num::NonZeroUsize,
}

impl<T: AsIs> AsIs for Wrapping<T> where Wrapping<T>: tracing::Value {}
impl<T: AsIs + ?Sized> AsIs for &T {}
impl<T: AsIs + ?Sized> AsIs for &mut T {}

/// An argument that is recorded as it is.
pub trait ArgumentAsIs {
    /// Captures the argument, if arguments are wanted.
    fn gambeson_capture(&self, values: &mut Values);
}

impl<T: AsIs + ?Sized> ArgumentAsIs for &&Argument<'_, T> {
    fn gambeson_capture(&self, values: &mut Values) {
        values.argument(|| Captured::within(ARGUMENT_CAP, self.0));
    }
}

/// An argument that can be shown.
pub trait ArgumentByDebug {
    /// Captures its `Debug`, bounded, if arguments are wanted.
    fn gambeson_capture(&self, values: &mut Values);
}

impl<T: fmt::Debug + ?Sized> ArgumentByDebug for &Argument<'_, T> {
    fn gambeson_capture(&self, values: &mut Values) {
        values.argument(|| {
            let shown = format_args!("{:?}", self.0);
            let shown = contain::format(Showing::Value, shown, ARGUMENT_CAP);
            Captured::shown(shown.text)
        });
    }
}

/// An argument of which only the type is known.
pub trait ArgumentByType {
    /// Captures the name of its type, if arguments are wanted.
    fn gambeson_capture(&self, values: &mut Values);
}

impl<T: ?Sized> ArgumentByType for Argument<'_, T> {
    fn gambeson_capture(&self, values: &mut Values) {
        values.argument(|| Captured::shown(type_name::<T>().to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Number, Value};

    struct Opaque;

    #[test]
    #[expect(
        clippy::needless_borrow,
        reason = "one form is generated for every type"
    )]
    fn an_argument_is_shown_in_the_best_way_of_its_type() {
        let mut values = Values::wanting(true);
        let number = &mut 5_u8;
        (&&&Argument(&number)).gambeson_capture(&mut values);
        let text = "a\nb";
        (&&&Argument(&text)).gambeson_capture(&mut values);
        let list = [Some(1)];
        (&&&Argument(&list)).gambeson_capture(&mut values);
        (&&&Argument(&Opaque)).gambeson_capture(&mut values);
        let captured: Vec<Value<'_>> = values.captured().iter().map(Captured::lend).collect();
        let expected = [
            Value::Number(Number::Unsigned(5)),
            Value::Text(text),
            Value::Text("[Some(1)]"),
            Value::Text(type_name::<Opaque>()),
        ];
        assert_eq!(captured, expected);
    }
}
