//! What was written in `#[defensive_handlers(..)]`.

use proc_macro2::TokenStream;
use syn::Path;

use crate::errors::Errors;
use crate::options::{self, Commas, Grammar, Setting, Usage, as_path};

#[derive(Default)]
pub(super) struct Args {
    pub(super) krate: Setting<Path>,
}

static OPTIONS: Grammar = Grammar {
    owner: "`#[defensive_handlers]`",
    usages: &[Usage {
        key: "crate",
        takes: "the path of the gambeson crate",
        example: "crate = ::gambeson",
    }],
    reserved: &[],
    literal: None,
    commas: Commas::One,
};

impl Args {
    pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut args = Self::default();
        for option in options::parse(tokens, &OPTIONS, errors) {
            args.krate.set(&option, option.value(errors, as_path));
        }
        args
    }
}
