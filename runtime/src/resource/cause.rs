//! Why a resource is not there.

use std::{any::Any, error::Error, fmt, io, sync::Arc};

use crate::{classify, contain, escape, reason::SkipClass, reason::SkipReason};

/// How much of a cause's text is kept, in bytes.
const TEXT_CAP: usize = 1024;

/// Why a resource went down, or could not come up: the reason for which calls are skipped
/// meanwhile, and a text for people, bounded and free of control characters.
///
/// ```
/// use gambeson::{DownCause, SkipReason};
///
/// let cause = DownCause::new(SkipReason::PeerDead, "the mail server hung up");
/// assert_eq!(cause.to_string(), "the mail server hung up");
/// let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
/// assert_eq!(DownCause::of(&refused).reason(), SkipReason::PeerDead);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownCause {
    reason: SkipReason,
    text: Arc<str>,
}

impl DownCause {
    /// A cause in the program's own words.
    pub fn new(reason: SkipReason, text: impl AsRef<str>) -> Self {
        DownCause {
            reason,
            text: escape::bounded(text.as_ref(), TEXT_CAP).text.into(),
        }
    }

    /// The cause that an error tells, with its sources.
    ///
    /// The reason is that of its type or its text, if it speaks of the environment or of a limit.
    /// Anything else is a fault of whoever keeps the resource, not of the handlers that need it:
    /// for them it is `unavailable`.
    pub fn of(error: &(dyn Error + 'static)) -> Self {
        let (said, shown) = classify::read(error, TEXT_CAP);
        let known = contain::attempt(|| classify::known_error(error));
        DownCause {
            reason: known.map_or(SkipReason::Unavailable, |known| {
                for_users(known.unwrap_or(said))
            }),
            text: shown.text.into(),
        }
    }

    /// The cause that `what` panicked.
    pub(super) fn of_panic(what: &str, payload: &(dyn Any + Send), reason: SkipReason) -> Self {
        let message = match contain::message_of(payload) {
            Some(message) => message.to_owned(),
            None => contain::error_in(payload).map_or_else(
                || "a payload that is no text".to_owned(),
                |error| contain::chain_text(error, TEXT_CAP).text,
            ),
        };
        DownCause::new(reason, format!("{what} panicked: {message}"))
    }

    /// The same for a resource that needs this one.
    pub(super) fn of_need(need: &str, cause: &DownCause) -> Self {
        DownCause::new(
            cause.reason,
            format!("needs `{need}`, which went down: {}", cause.text),
        )
    }

    /// The same where it was revoked.
    pub(super) fn of_revoked_need(need: &str) -> Self {
        let text = format!("needs `{need}`, which was revoked");
        DownCause::new(SkipReason::ShuttingDown, text)
    }

    /// The reason for which calls that need the resource are skipped.
    pub fn reason(&self) -> SkipReason {
        self.reason
    }

    /// What people read.
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn for_users(reason: SkipReason) -> SkipReason {
    match reason.class() {
        SkipClass::Environment | SkipClass::Overload => reason,
        SkipClass::Policy | SkipClass::Bug => SkipReason::Unavailable,
    }
}

impl From<SkipReason> for DownCause {
    fn from(reason: SkipReason) -> Self {
        DownCause::new(reason, reason.code())
    }
}

/// Of reason `unavailable`.
impl From<&str> for DownCause {
    fn from(text: &str) -> Self {
        DownCause::new(SkipReason::Unavailable, text)
    }
}

/// Of reason `unavailable`.
impl From<String> for DownCause {
    fn from(text: String) -> Self {
        DownCause::new(SkipReason::Unavailable, text)
    }
}

/// As [`DownCause::of`].
impl From<io::Error> for DownCause {
    fn from(error: io::Error) -> Self {
        DownCause::of(&error)
    }
}

/// As [`DownCause::of`].
impl From<Box<dyn Error + Send + Sync>> for DownCause {
    fn from(error: Box<dyn Error + Send + Sync>) -> Self {
        DownCause::of(&*error)
    }
}

impl fmt::Display for DownCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A resource cannot be leased.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("resource `{resource}` is {}{}", state(*.reason), told(.cause.as_ref()))]
pub struct Unavailable {
    resource: &'static str,
    reason: SkipReason,
    cause: Option<DownCause>,
}

impl Unavailable {
    pub(super) fn new(
        resource: &'static str,
        reason: SkipReason,
        cause: Option<DownCause>,
    ) -> Self {
        Unavailable {
            resource,
            reason,
            cause,
        }
    }

    /// The resource's name.
    pub fn resource(&self) -> &'static str {
        self.resource
    }

    /// `unavailable` where nobody has provided it, `shutting_down` after it was revoked, and the
    /// reason of its death after it crashed.
    pub fn reason(&self) -> SkipReason {
        self.reason
    }

    /// Why it went down, or could not be opened; `None` where it was never tried or was revoked.
    pub fn cause(&self) -> Option<&DownCause> {
        self.cause.as_ref()
    }
}

/// A resource could not be started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("resource `{resource}` could not be started: {cause}")]
pub struct NotStarted {
    resource: &'static str,
    cause: DownCause,
}

impl NotStarted {
    pub(super) fn new(resource: &'static str, cause: DownCause) -> Self {
        NotStarted { resource, cause }
    }

    /// The resource that could not be started: the one that was asked for, or one that it needs.
    pub fn resource(&self) -> &'static str {
        self.resource
    }

    /// The reason: that of the opener's error, `timed_out` at the deadline.
    pub fn reason(&self) -> SkipReason {
        self.cause.reason
    }

    /// What the opener said, or how long it was waited for.
    pub fn cause(&self) -> &DownCause {
        &self.cause
    }
}

fn state(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::ShuttingDown => "shutting down",
        _ => "not available",
    }
}

fn told(cause: Option<&DownCause>) -> String {
    cause.map_or_else(String::new, |cause| format!(": {cause}"))
}
