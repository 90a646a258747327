//! What is looked at in a returned value: whether it failed, and what `err` and `ret` record.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::super::model::{Format, Model, Record};
use crate::body::Returns;
use crate::private::failed_by_probe;
use crate::span::ours_at;

/// The closure that is called with a reference to the returned value.
pub(super) fn closure(model: &Model, private: &TokenStream) -> TokenStream {
    let ours = Span::mixed_site();
    let err = model.err.as_ref().map(err);
    let ret = model.ret.as_ref().map(|record| ret(record, private));
    match model.returns {
        // There is no such value, and asking for its type would leave it unknown.
        Returns::Never => quote_spanned!(ours=> |_| ::core::unreachable!()),
        Returns::Unit if err.is_none() && ret.is_none() => {
            quote_spanned!(ours=> #private::seen_nothing)
        }
        _ => {
            let failed = failed_by_probe(private);
            quote_spanned! {ours=> |__value| {
                use #private::probe::*;
                #private::seen(#failed, (&#private::Returned(__value)).gambeson_shown()) #err #ret
            }}
        }
    }
}

/// A type that cannot fail, or an error that cannot be shown, is told at the option.
fn err(record: &Record) -> TokenStream {
    let at = ours_at(record.key.span());
    match record.format {
        Format::Debug => quote_spanned!(at=> .err_debug(__value)),
        Format::AsIs | Format::Display => quote_spanned!(at=> .err_display(__value)),
    }
}

fn ret(record: &Record, private: &TokenStream) -> TokenStream {
    let at = ours_at(record.key.span());
    let ok = quote_spanned!(Span::mixed_site()=> (&&#private::Returned(__value)).gambeson_ok());
    match record.format {
        Format::Display => quote_spanned!(at=> .ret_display(#ok)),
        Format::AsIs | Format::Debug => quote_spanned!(at=> .ret_debug(#ok)),
    }
}
