//! An argument of an instrumented function, shown in the best way that its type has: method
//! resolution takes the first trait below whose bounds hold.

use std::{any::type_name, fmt, num, num::Wrapping};

use super::{capture::Captured, values::Values};
use crate::{
    contain::{self, Showing},
    event::{OwnedValue, Secret, ToValue, Value},
};

/// How much of an argument's text is kept, in bytes.
const ARGUMENT_CAP: usize = 1024;

/// An argument, to be captured with `(&&&&Argument(&value)).gambeson_capture(values)`, or where nobody
/// is to be told of it with `(&&&Argument(&value)).gambeson_hide(values)`.
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

/// A type whose values are secrets.
pub trait Withheld: fmt::Debug {
    /// The secret.
    fn withheld(&self) -> Value<'_>;
}

impl<T: ToValue> Withheld for Secret<T> {
    fn withheld(&self) -> Value<'_> {
        self.expose().to_value()
    }
}

impl<T: Withheld> Withheld for Option<T> {
    fn withheld(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Absent, Withheld::withheld)
    }
}

impl<T: Withheld + ?Sized> Withheld for &T {
    fn withheld(&self) -> Value<'_> {
        (**self).withheld()
    }
}

impl<T: Withheld + ?Sized> Withheld for &mut T {
    fn withheld(&self) -> Value<'_> {
        (**self).withheld()
    }
}

/// The secret, which is a value of the user's.
fn withheld(value: &(impl Withheld + ?Sized)) -> OwnedValue {
    let asked = contain::attempt(|| OwnedValue::of(value.withheld()));
    asked.unwrap_or(OwnedValue::Plain(Value::Absent))
}

/// An argument that is a secret by its type.
pub trait ArgumentWithheld {
    /// Captures the argument, and what its `Debug` shows in its place, if arguments are wanted.
    fn gambeson_capture(&self, values: &mut Values);
}

impl<T: Withheld + ?Sized> ArgumentWithheld for &&&Argument<'_, T> {
    fn gambeson_capture(&self, values: &mut Values) {
        values.secret(|is_shown| {
            let shown = is_shown.then(|| debug_of(self.0));
            Captured::secret(withheld(self.0), shown)
        });
    }
}

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
        values.argument(|| Captured::shown(debug_of(self.0)));
    }
}

fn debug_of(value: &(impl fmt::Debug + ?Sized)) -> String {
    contain::format(Showing::Value, format_args!("{value:?}"), ARGUMENT_CAP).text
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

/// A sensitive argument that is a secret by its type, too.
pub trait HiddenWithheld {
    /// Captures the argument.
    fn gambeson_hide(&self, values: &mut Values);
}

impl<T: Withheld + ?Sized> HiddenWithheld for &&Argument<'_, T> {
    fn gambeson_hide(&self, values: &mut Values) {
        values.secret(|_| Captured::secret(withheld(self.0), None));
    }
}

/// A sensitive text or number.
pub trait HiddenAsIs {
    /// Captures the argument.
    fn gambeson_hide(&self, values: &mut Values);
}

impl<T: AsIs + ?Sized> HiddenAsIs for &Argument<'_, T> {
    fn gambeson_hide(&self, values: &mut Values) {
        values.secret(|_| Captured::as_it_is(self.0).hidden());
    }
}

/// Any other sensitive argument.
pub trait HiddenUnasked {
    /// Says that it is there.
    fn gambeson_hide(&self, values: &mut Values);
}

impl<T: ?Sized> HiddenUnasked for Argument<'_, T> {
    fn gambeson_hide(&self, values: &mut Values) {
        values.secret(|_| Captured::secret(OwnedValue::Text("".into()), None));
    }
}

#[cfg(test)]
mod tests {
    use super::{super::values::Extent, *};
    use crate::event::Number;

    struct Opaque;

    #[test]
    #[expect(
        clippy::needless_borrow,
        reason = "one form is generated for every type"
    )]
    fn an_argument_is_shown_in_the_best_way_of_its_type() {
        let mut values = Values::wanting(Extent::All);
        let number = &mut 5_u8;
        (&&&&Argument(&number)).gambeson_capture(&mut values);
        let text = "a\nb";
        (&&&&Argument(&text)).gambeson_capture(&mut values);
        let list = [Some(1)];
        (&&&&Argument(&list)).gambeson_capture(&mut values);
        (&&&&Argument(&Opaque)).gambeson_capture(&mut values);
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
