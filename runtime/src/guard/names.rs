//! What a guard is called that nobody gave a name.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The names of the guards that are there. Whoever has one keeps it from others.
static TAKEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A name that no other guard has.
#[derive(Debug)]
pub(super) struct Name(String);

impl Name {
    /// After a type: its path, and a number if that is taken.
    pub(super) fn of<T: ?Sized>() -> Self {
        let path = path_of(std::any::type_name::<T>());
        let mut taken = taken();
        let mut name = path.to_owned();
        let mut number = 1;
        while taken.contains(&name) {
            number += 1;
            name = format!("{path}_{number}");
        }
        taken.push(name.clone());
        Name(name)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        taken().retain(|name| *name != self.0);
    }
}

fn taken() -> MutexGuard<'static, Vec<String>> {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The path of a type without its parameters.
fn path_of(written: &str) -> &str {
    written.split('<').next().unwrap_or(written)
}

#[cfg(test)]
mod tests {
    use super::Name;

    struct Wrapped<T>(std::marker::PhantomData<T>);

    #[test]
    fn each_guard_has_a_name_of_its_own() {
        let path = "gambeson::guard::names::tests::Wrapped";
        let first = Name::of::<Wrapped<u8>>();
        let second = Name::of::<Wrapped<Vec<u8>>>();
        assert_eq!(first.as_str(), path);
        assert_eq!(second.as_str(), format!("{path}_2"));
        drop(first);
        assert_eq!(
            Name::of::<Wrapped<u8>>().as_str(),
            path,
            "it was free again"
        );
        assert_eq!(Name::of::<Wrapped<u8>>().as_str(), path);
    }
}
