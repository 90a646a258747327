//! What a parameter's pattern binds.

use proc_macro2::Ident;
use syn::{FnArg, Pat, PatIdent};

/// A pattern that binds a reference where the written one binds a value.
pub(crate) struct Lent {
    pub(crate) pattern: Pat,
    /// What it binds, each once.
    pub(crate) names: Vec<Ident>,
}

impl Lent {
    /// The pattern for a reference to the value that `written` is for.
    pub(crate) fn of(written: &Pat) -> Self {
        let mut lent = Self {
            pattern: written.clone(),
            names: Vec::new(),
        };
        lend(&mut lent.pattern, &mut lent.names);
        lent
    }
}

/// What a parameter binds, but for `self`.
pub(crate) fn names_of(input: &FnArg) -> Vec<Ident> {
    match input {
        FnArg::Receiver(_) => Vec::new(),
        FnArg::Typed(typed) => Lent::of(&typed.pat).names,
    }
}

/// Takes off `ref`, `mut` and `&`, which a matched reference implies or refuses.
fn lend(pattern: &mut Pat, names: &mut Vec<Ident>) {
    match pattern {
        Pat::Ident(PatIdent {
            by_ref,
            mutability,
            ident,
            subpat,
            ..
        }) => {
            (*by_ref, *mutability) = (None, None);
            if !names.contains(ident) {
                names.push(ident.clone());
            }
            if let Some((_, pattern)) = subpat {
                lend(pattern, names);
            }
        }
        Pat::Reference(reference) => {
            lend(&mut reference.pat, names);
            *pattern = (*reference.pat).clone();
        }
        Pat::Or(or) => or.cases.iter_mut().for_each(|case| lend(case, names)),
        Pat::Paren(paren) => lend(&mut paren.pat, names),
        Pat::Slice(slice) => slice.elems.iter_mut().for_each(|elem| lend(elem, names)),
        Pat::Struct(fields) => {
            let fields = fields.fields.iter_mut();
            fields.for_each(|field| lend(&mut field.pat, names));
        }
        Pat::Tuple(tuple) => tuple.elems.iter_mut().for_each(|elem| lend(elem, names)),
        Pat::TupleStruct(tuple) => tuple.elems.iter_mut().for_each(|elem| lend(elem, names)),
        // The others bind nothing.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::Pat;
    use syn::parse::Parser as _;

    use super::Lent;
    use crate::testing::tokens;

    #[test]
    fn bindings_become_references() {
        for (written, lent, names) in [
            ("mut a", "a", "a"),
            ("(ref mut a, _, mut b)", "(a , _ , b)", "a b"),
            ("&(a, &b)", "(a , b)", "a b"),
            (
                "Point { ref x, y: [first, .., rest @ &(z, _)] }",
                "Point { x , y : [first , .. , rest @ (z , _)] }",
                "x first rest z",
            ),
            ("(Ok(a) | Err(a))", "(Ok (a) | Err (a))", "a"),
            ("_", "_", ""),
        ] {
            let pattern = Pat::parse_multi.parse2(tokens(written)).unwrap();
            let found = Lent::of(&pattern);
            assert_eq!(found.pattern.to_token_stream().to_string(), lent);
            let found: Vec<String> = found.names.iter().map(ToString::to_string).collect();
            assert_eq!(found.join(" "), names);
        }
    }
}
