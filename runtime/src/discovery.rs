//! What the linker collected: annotated handlers, and which of them are expected.
//!
//! A registration is found if its crate is linked, and a crate that no code names is not. So the
//! handlers found are in the report, `attach_crate!` links a crate by naming it, and
//! `expect_handlers!` makes a lost one an error at start.

use crate::handler::Site;

/// Registered handlers, as inventory collects them: one, or all of a module.
#[cfg(feature = "inventory")]
#[derive(Debug)]
pub struct Registration(pub &'static [&'static Site]);

/// Names that must be among the registered handlers.
#[cfg(feature = "inventory")]
#[derive(Debug)]
pub struct Expected(pub &'static [&'static str]);

#[cfg(feature = "inventory")]
inventory::collect!(Registration);
#[cfg(feature = "inventory")]
inventory::collect!(Expected);

/// The registered handlers, in no particular order.
#[cfg(feature = "inventory")]
pub(crate) fn sites() -> impl Iterator<Item = &'static Site> {
    inventory::iter::<Registration>
        .into_iter()
        .flat_map(|registration| registration.0.iter().copied())
}

/// The names that [`expect_handlers!`](crate::expect_handlers) asks for.
#[cfg(feature = "inventory")]
pub(crate) fn expected() -> impl Iterator<Item = &'static str> {
    inventory::iter::<Expected>
        .into_iter()
        .flat_map(|expected| expected.0.iter().copied())
}

/// Without the feature `inventory` nothing is collected.
#[cfg(not(feature = "inventory"))]
pub(crate) fn sites() -> impl Iterator<Item = &'static Site> {
    std::iter::empty()
}

/// Without the feature `inventory` nothing is collected.
#[cfg(not(feature = "inventory"))]
pub(crate) fn expected() -> impl Iterator<Item = &'static str> {
    std::iter::empty()
}

/// Links a crate whose handlers no code names, so that they are found at start.
///
/// ```
/// # macro_rules! hidden { () => {
/// gambeson::attach_crate!(plugin);
/// # } }
/// ```
#[macro_export]
macro_rules! attach_crate {
    ($name:ident) => {
        extern crate $name as _;
    };
}

/// Makes it an error of [`start`](crate::Builder::start) that one of these handlers is not
/// registered. Names are whole, or their last segments.
///
/// It stands beside items or statements of the program itself. Without the feature `inventory`
/// it does nothing.
///
/// ```
/// use gambeson::{Event, defensive_handler, expect_handlers};
///
/// #[defensive_handler(on = "shop.**")]
/// fn audit(event: &Event<'_>) {
///     println!("{event}");
/// }
///
/// expect_handlers!["audit"];
/// ```
#[macro_export]
macro_rules! expect_handlers {
    ($($name:literal),+ $(,)?) => {
        $crate::private::expect!(&[$($name),+]);
    };
    ($($wrong:tt)*) => {
        ::core::compile_error!(
            "`expect_handlers!` takes names of handlers in string literals: \
             write `expect_handlers![\"audit\"]`"
        );
    };
}
