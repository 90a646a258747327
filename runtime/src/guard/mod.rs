//! Guards for code that is not ours: what it wraps is contained, counted, quarantined and told by
//! name, as a [defended closure](crate::defend()) is.
//!
//! What a guard wraps serves the host rather than the telemetry, so a shutdown is not its end: it
//! goes on, and so do its counts.
//!
//! A guard is named after the type that it wraps, and numbered where several of one type are there;
//! give it a name that you know, with `named`.

#[cfg(feature = "tracing-layer")]
mod layer;
mod names;
#[cfg(feature = "metrics")]
mod recorder;

#[cfg(feature = "tracing-layer")]
pub use self::layer::{GuardedLayer, layer};
use self::names::Name;
#[cfg(feature = "metrics")]
pub use self::recorder::{GuardedRecorder, recorder};
