//! The event name of a path: `shop::cart::total` is `shop.cart.total`.

/// A path as an event name: `::` becomes a dot, `r#` goes, and a character that no event name has
/// becomes an underscore.
pub(crate) fn dotted(path: &str) -> String {
    let segments = path.split("::").map(|segment| {
        let segment = segment.strip_prefix("r#").unwrap_or(segment);
        let kept = segment.chars().map(|character| {
            let is_known =
                character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.');
            if is_known { character } else { '_' }
        });
        kept.collect::<String>()
    });
    segments.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern;

    #[test]
    fn a_path_is_a_name() {
        for (path, name) in [
            ("shop::cart::total", "shop.cart.total"),
            ("shop::r#match::größe", "shop.match.gr__e"),
            ("shop::{impl#0}::f", "shop._impl_0_.f"),
        ] {
            assert_eq!(dotted(path), name);
            assert!(pattern::check_name(name).is_ok());
        }
    }
}
