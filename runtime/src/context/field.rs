//! What is kept of a scope's fields: copies, bounded in number and size.

use std::{borrow::Cow, sync::Arc};

use crate::{
    contain,
    event::{OwnedValue, ToValue, Value},
};

/// How many fields a context has at most.
pub(super) const MOST_FIELDS: usize = 32;

/// How long a name may be, in bytes. It is not cut: what is redacted depends on all of it.
const KEY_CAP: usize = 64;

/// How much of a text is kept, in bytes.
pub(super) const TEXT_CAP: usize = 1024;

/// One field.
pub(crate) struct Field {
    key: Cow<'static, str>,
    value: OwnedValue,
    is_cut: bool,
}

/// The fields of a context, at most one of a name. A copy counts references.
#[derive(Clone, Default)]
pub(super) struct Fields {
    kept: Vec<Arc<Field>>,
    is_cut: bool,
}

impl Field {
    fn of(key: Cow<'static, str>, value: Value<'_>) -> Self {
        let (value, is_cut) = value.cut(TEXT_CAP);
        Field {
            key,
            value: OwnedValue::of(value),
            is_cut,
        }
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn value(&self) -> Value<'_> {
        self.value.lend()
    }

    /// Whether the value is only the beginning of a longer text.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }
}

impl Fields {
    /// Copies the first ones that are given. The iterator, the values and their drops are the user's
    /// code, so a panic there ends the list, and is not the caller's.
    pub(super) fn capture<K, V>(given: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<Cow<'static, str>>,
        V: ToValue,
    {
        let mut fields = Fields::default();
        let copied = contain::attempt(|| {
            for (index, (key, value)) in given.into_iter().enumerate() {
                if index == MOST_FIELDS {
                    fields.is_cut = true;
                    break;
                }
                let key = key.into();
                if key.len() > KEY_CAP {
                    fields.is_cut = true;
                } else {
                    fields.put(Arc::new(Field::of(key, value.to_value())));
                }
            }
        });
        fields.is_cut |= copied.is_none();
        fields
    }

    /// Both, with the given ones over these.
    pub(super) fn under(&self, over: &Fields) -> Self {
        let mut fields = Fields {
            kept: Vec::with_capacity(self.kept.len() + over.kept.len()),
            is_cut: self.is_cut || over.is_cut,
        };
        for field in self.kept.iter().chain(&over.kept) {
            fields.put(Arc::clone(field));
        }
        fields
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Field> {
        self.kept.iter().map(|field| &**field)
    }

    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    fn put(&mut self, field: Arc<Field>) {
        if let Some(kept) = self.kept.iter_mut().find(|kept| kept.key == field.key) {
            *kept = field;
        } else if self.kept.len() < MOST_FIELDS {
            self.kept.push(field);
        } else {
            self.is_cut = true;
        }
    }
}
