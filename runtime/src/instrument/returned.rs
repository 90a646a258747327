//! What `ret` records: the value, and of a `Result` only the `Ok`.

/// A returned value, to be asked with `(&&Returned(&value)).ok()`.
#[derive(Debug)]
pub struct Returned<'a, T: ?Sized>(pub &'a T);

/// A result that may be an error.
pub trait ReturnedByResult<'a> {
    /// What there is to record of it.
    type Ok;

    /// The value in `Ok`.
    fn ok(&self) -> Option<&'a Self::Ok>;
}

impl<'a, T, E> ReturnedByResult<'a> for &Returned<'a, Result<T, E>> {
    type Ok = T;

    fn ok(&self) -> Option<&'a T> {
        self.0.as_ref().ok()
    }
}

/// Any other value.
pub trait ReturnedWhole<'a> {
    /// What there is to record of it.
    type Ok: ?Sized;

    /// The value.
    fn ok(&self) -> Option<&'a Self::Ok>;
}

impl<'a, T: ?Sized> ReturnedWhole<'a> for Returned<'a, T> {
    type Ok = T;

    fn ok(&self) -> Option<&'a T> {
        Some(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(
        clippy::needless_borrow,
        reason = "one form is generated for every type"
    )]
    fn only_the_ok_of_a_result_is_recorded() {
        type Answer = Result<u8, &'static str>;
        assert_eq!((&&Returned(&Answer::Ok(1))).ok(), Some(&1));
        assert_eq!((&&Returned(&Answer::Err("no"))).ok(), None);
        assert_eq!((&&Returned(&Some(2))).ok(), Some(&Some(2)));
    }
}
