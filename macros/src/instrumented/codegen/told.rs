//! `err` and `ret`: what a call returned, told as an event of tracing inside its span.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::super::model::{Format, Model, Record};
use super::{level, target};
use crate::span::ours_at;

/// The closure that is called with a reference to the returned value.
pub(super) fn closure(model: &Model, private: &TokenStream) -> TokenStream {
    let err = model.err.as_ref().map(|record| err(model, record, private));
    let ret = model.ret.as_ref().map(|record| ret(model, record, private));
    if err.is_none() && ret.is_none() {
        return quote_spanned!(Span::mixed_site()=> |_| {});
    }
    quote_spanned!(Span::mixed_site()=> |value| { #err #ret })
}

fn err(model: &Model, record: &Record, private: &TokenStream) -> TokenStream {
    let event = event(model, record, "error", private);
    // Where a type that is no result is told.
    let pattern = quote_spanned! {ours_at(record.key.span())=>
        ::core::result::Result::Err(shown)
    };
    quote_spanned! {Span::mixed_site()=>
        if let #pattern = value {
            #event
        }
    }
}

fn ret(model: &Model, record: &Record, private: &TokenStream) -> TokenStream {
    let event = event(model, record, "return", private);
    quote_spanned! {Span::mixed_site()=>
        if let ::core::option::Option::Some(shown) = {
            use #private::probe::*;
            (&&#private::Returned(value)).ok()
        } {
            #event
        }
    }
}

/// The event that records `shown`; a `Debug` or `Display` that panics is contained.
fn event(model: &Model, record: &Record, key: &str, private: &TokenStream) -> TokenStream {
    let (target, level) = (target(model), level(&record.level, private));
    // Where a type that cannot be shown is told.
    let at = ours_at(record.key.span());
    let capture = match record.format {
        Format::Display => quote_spanned!(at=> field_display),
        Format::AsIs | Format::Debug => quote_spanned!(at=> field_debug),
    };
    let field = quote_spanned!(at=> #private::#capture(#key, shown));
    let key = Ident::new(key, Span::mixed_site());
    quote_spanned! {Span::mixed_site()=>
        #private::tracing::event!(#target #level, #key = #field.typed());
    }
}
