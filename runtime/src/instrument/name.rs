//! The event name of a path, made at compile time: `shop::cart::total` is `shop.cart.total`.

/// The length of a path once each `::` is a dot.
pub const fn dotted_length(path: &str) -> usize {
    let (bytes, mut at, mut length) = (path.as_bytes(), 0, 0);
    while at < bytes.len() {
        at += if bytes[at] == b':' { 2 } else { 1 };
        length += 1;
    }
    length
}

/// The bytes of a path once each `::` is a dot.
pub const fn dotted<const N: usize>(path: &str) -> [u8; N] {
    let (bytes, mut at, mut dotted) = (path.as_bytes(), 0, [0; N]);
    let mut length = 0;
    while length < N {
        let is_colon = bytes[at] == b':';
        dotted[length] = if is_colon { b'.' } else { bytes[at] };
        at += if is_colon { 2 } else { 1 };
        length += 1;
    }
    dotted
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
}
