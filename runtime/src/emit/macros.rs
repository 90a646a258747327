//! `emit!`: a literal name, measurements, metadata; evaluated only where somebody listens.

/// Emits an event: a literal dotted name, then measurements, then metadata, both optional.
///
/// Nothing in the braces is evaluated unless a handler for this event is attached somewhere in the
/// process. A field is
/// `key = value`, `key = %value` (its `Display`), `key = ?value` (its `Debug`), or `key` alone
/// for a variable of that name, also with `%` and `?`. Keys may be dotted, or string literals.
/// A `Display` or `Debug` that panics becomes a marker.
///
/// The event goes to the telemetry that the thread has entered, else to the process's; without
/// one it goes nowhere. Handlers run here and now, in order; what they do by panicking or
/// failing stays with them. A name that no event can have is a compile error.
///
/// ```
/// use gambeson::emit;
/// let city = "Lyon";
/// emit!("shop.opened");
/// emit!("shop.opened", { tills = 3 });
/// emit!("shop.opened", { tills = 3, area.m2 = 120.5 }, { city, owner = ?Some("Ada"), "content-type" = "text" });
/// ```
///
/// ```compile_fail
/// gambeson::emit!("shop..opened");
/// ```
#[macro_export]
macro_rules! emit {
    ($name:literal $(,)?) => {
        $crate::emit!($name, {}, {})
    };
    ($name:literal, { $($measurements:tt)* } $(,)?) => {
        $crate::emit!($name, { $($measurements)* }, {})
    };
    ($name:literal, { $($measurements:tt)* }, { $($metadata:tt)* } $(,)?) => {{
        static __GAMBESON_SITE: $crate::private::EmitSite = $crate::private::EmitSite::new($name);
        if __GAMBESON_SITE.is_observed() {
            $crate::private::emit(
                &__GAMBESON_SITE,
                &$crate::private::Event::new(
                    $name,
                    $crate::__measurements!([] $($measurements)*),
                    $crate::__metadata!([] $($metadata)*),
                ),
            );
        }
    }};
    ($name:literal $($rest:tt)*) => {
        ::core::compile_error!(
            "an event is a name, measurements and metadata: \
             write `emit!(\"shop.opened\", { tills = 3 }, { city = \"Lyon\" })`"
        )
    };
    ($($name:tt)*) => {
        ::core::compile_error!(
            "the name of an event is a string literal: for one that is known only at run time, \
             write `telemetry.emit(name, &[..], &[..])`"
        )
    };
}

/// The measurements of an event: `&[(key, number), ..]`.
#[doc(hidden)]
#[macro_export]
macro_rules! __measurements {
    ([$($done:tt)*]) => { &[$($done)*] };
    ([$($done:tt)*] $key:literal = $value:expr $(, $($rest:tt)*)?) => {
        $crate::__measurements!([$($done)* ($key, $crate::ToNumber::to_number(&$value)),] $($($rest)*)?)
    };
    ([$($done:tt)*] $($key:ident).+ = $value:expr $(, $($rest:tt)*)?) => {
        $crate::__measurements!(
            [$($done)* (const { $crate::private::key(::core::stringify!($($key).+)) }, $crate::ToNumber::to_number(&$value)),]
            $($($rest)*)?
        )
    };
    ([$($done:tt)*] $key:ident $(, $($rest:tt)*)?) => {
        $crate::__measurements!([$($done)*] $key = $key $(, $($rest)*)?)
    };
    ([$($done:tt)*] $($wrong:tt)*) => {
        ::core::compile_error!(
            "a measurement is `key = number`, or `key` for a variable of that name: \
             `%` and `?` are for metadata, in the second braces"
        )
    };
}

/// The metadata of an event: `&[(key, value), ..]`.
#[doc(hidden)]
#[macro_export]
macro_rules! __metadata {
    ([$($done:tt)*]) => { &[$($done)*] };
    ([$($done:tt)*] $key:literal = % $value:expr $(, $($rest:tt)*)?) => {
        $crate::__metadata!([$($done)* ($key, $crate::private::capture_display(&$value).as_value()),] $($($rest)*)?)
    };
    ([$($done:tt)*] $key:literal = ? $value:expr $(, $($rest:tt)*)?) => {
        $crate::__metadata!([$($done)* ($key, $crate::private::capture_debug(&$value).as_value()),] $($($rest)*)?)
    };
    ([$($done:tt)*] $key:literal = $value:expr $(, $($rest:tt)*)?) => {
        $crate::__metadata!([$($done)* ($key, $crate::ToValue::to_value(&$value)),] $($($rest)*)?)
    };
    ([$($done:tt)*] $($key:ident).+ = % $value:expr $(, $($rest:tt)*)?) => {
        $crate::__metadata!(
            [$($done)* (const { $crate::private::key(::core::stringify!($($key).+)) }, $crate::private::capture_display(&$value).as_value()),]
            $($($rest)*)?
        )
    };
    ([$($done:tt)*] $($key:ident).+ = ? $value:expr $(, $($rest:tt)*)?) => {
        $crate::__metadata!(
            [$($done)* (const { $crate::private::key(::core::stringify!($($key).+)) }, $crate::private::capture_debug(&$value).as_value()),]
            $($($rest)*)?
        )
    };
    ([$($done:tt)*] $($key:ident).+ = $value:expr $(, $($rest:tt)*)?) => {
        $crate::__metadata!(
            [$($done)* (const { $crate::private::key(::core::stringify!($($key).+)) }, $crate::ToValue::to_value(&$value)),]
            $($($rest)*)?
        )
    };
    ([$($done:tt)*] % $key:ident $(, $($rest:tt)*)?) => {
        $crate::__metadata!([$($done)*] $key = % $key $(, $($rest)*)?)
    };
    ([$($done:tt)*] ? $key:ident $(, $($rest:tt)*)?) => {
        $crate::__metadata!([$($done)*] $key = ? $key $(, $($rest)*)?)
    };
    ([$($done:tt)*] $key:ident $(, $($rest:tt)*)?) => {
        $crate::__metadata!([$($done)*] $key = $key $(, $($rest)*)?)
    };
    ([$($done:tt)*] $($wrong:tt)*) => {
        ::core::compile_error!(
            "metadata is `key = value`, `key = %value`, `key = ?value`, \
             or `key` for a variable of that name"
        )
    };
}
