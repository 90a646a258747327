//! The event name of a path, made at compile time: `shop::cart::total` is `shop.cart.total`.

/// The length of a path once it is an event name.
pub const fn dotted_length(path: &str) -> usize {
    let (bytes, mut at, mut length) = (path.as_bytes(), 0, 0);
    while at < bytes.len() {
        let (width, kept) = step(bytes, at);
        at += width;
        length += kept.is_some() as usize;
    }
    length
}

/// The bytes of a path once it is an event name.
pub const fn dotted<const N: usize>(path: &str) -> [u8; N] {
    let (bytes, mut at, mut dotted, mut length) = (path.as_bytes(), 0, [0; N], 0);
    while at < bytes.len() {
        let (width, kept) = step(bytes, at);
        at += width;
        if let Some(byte) = kept {
            dotted[length] = byte;
            length += 1;
        }
    }
    dotted
}

/// How many bytes of a path are read at `at`, and what becomes of them: `::` a dot, `r#` nothing,
/// and a letter that no event name has an underscore.
const fn step(bytes: &[u8], at: usize) -> (usize, Option<u8>) {
    match bytes[at] {
        b':' => (2, Some(b'.')),
        b'r' if at + 1 < bytes.len() && bytes[at + 1] == b'#' => (2, None),
        ascii @ 0..0x80 => (1, Some(ascii)),
        // The first byte of a character stands for all of it.
        0xC0.. => (1, Some(b'_')),
        _ => (1, None),
    }
}

/// A path, known at compile time, as an event name.
#[doc(hidden)]
#[macro_export]
macro_rules! __dotted {
    ($path:expr) => {{
        const PATH: &str = $path;
        const LENGTH: usize = $crate::private::dotted_length(PATH);
        const BYTES: [u8; LENGTH] = $crate::private::dotted_bytes(PATH);
        match ::core::str::from_utf8(&BYTES) {
            ::core::result::Result::Ok(name) => name,
            ::core::result::Result::Err(_) => PATH,
        }
    }};
}

#[cfg(test)]
mod tests {
    #[test]
    fn colons_become_dots() {
        const NAME: &str = crate::__dotted!("shop::cart::total.start");
        assert_eq!(NAME, "shop.cart.total.start");
    }

    #[test]
    fn every_identifier_is_a_name() {
        const NAME: &str = crate::__dotted!("shop::r#match::größe.start");
        assert_eq!(NAME, "shop.match.gr__e.start");
    }
}
