//! The runtime's door: the only paths of gambeson that generated code names.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote_spanned};
use syn::Path;

/// `::gambeson::private`, or that of the crate that was named.
pub(crate) fn private(krate: Option<&Path>) -> TokenStream {
    private_at(krate, Span::mixed_site())
}

/// What the compiler evaluates is spanned as the user's own: it tells a failure where the
/// outermost expansion is, and that would be the whole attribute.
pub(crate) fn private_at(krate: Option<&Path>, span: Span) -> TokenStream {
    let krate = krate.map_or_else(|| quote_spanned!(span=> ::gambeson), Path::to_token_stream);
    quote_spanned!(span=> #krate::private)
}

/// Whether `__value`, which is a reference to what a function returned, says that it failed.
pub(crate) fn failed(private: &TokenStream) -> TokenStream {
    let asked = failed_by_probe(private);
    quote_spanned! {Span::mixed_site()=> {
        use #private::probe::*;
        #asked
    }}
}

/// The same where the traits of the probes are in scope.
pub(crate) fn failed_by_probe(private: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> (&&&&&&&&#private::Probe(__value)).gambeson_failed())
}
