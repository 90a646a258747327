//! The macros of [gambeson], which re-exports them: depend on `gambeson`, not on this crate.
//!
//! [gambeson]: https://docs.rs/gambeson

mod classify;
mod defensive_handler;
mod errors;
mod handler_path;
mod nearest;
mod options;
mod signature;
mod span;
mod tokens;

use proc_macro::TokenStream;

/// x
#[proc_macro_attribute]
pub fn defensive_handler(options: TokenStream, item: TokenStream) -> TokenStream {
    defensive_handler::expand(options.into(), item.into()).into()
}

/// x
#[proc_macro_derive(Classify, attributes(skip, source))]
pub fn classify(input: TokenStream) -> TokenStream {
    classify::expand(input.into()).into()
}

/// x
#[proc_macro]
pub fn handler(input: TokenStream) -> TokenStream {
    handler_path::expand(input.into()).into()
}
